import { beforeEach, describe, expect, it } from "vitest";
import { apply } from "./apply.ts";
import { FakeNft } from "./fake-nft.ts";
import { newPacket } from "./new-packet.testing.ts";
import { NftError, NftUnavailable } from "./nft-error.ts";
import type { Packet } from "./packet.ts";
import type { Rule, Statement } from "./rule.ts";
import {
  accept,
  counter,
  drop,
  makeChain,
  makeMap,
  makeSet,
  makeTable,
  rule,
  verdict,
} from "./sample-table.testing.ts";
import type { Hook, Table } from "./table.ts";

const forward: Hook = { type: "filter", hook: "forward", priority: 0, policy: "drop" };
const tcp: Statement = { kind: "match", fields: ["meta l4proto"], values: [["tcp"]] };

const packet = ({ saddr = "10.1.0.1", daddr = "10.1.0.2", ...more }: Partial<Packet> = {}): Packet =>
  newPacket(saddr, daddr, more);

describe("FakeNft.evaluate", () => {
  let fake: FakeNft;
  beforeEach(() => {
    fake = new FakeNft({ choose: (count) => count - 1 });
  });

  async function load(...rules: readonly Rule[]): Promise<void> {
    await apply(
      fake,
      undefined,
      makeTable("pc", {
        sets: [
          makeSet("s_four", ["ipv4_addr"], [["10.1.0.1"]]),
          makeSet(
            "s_cidr",
            ["ipv4_addr", "inet_proto", "inet_service"],
            [
              ["10.0.0.0/8", "tcp", "80-90"],
              ["10.0.0.0/8", "tcp", "100"],
              ["10.9.0.0-10.9.0.7", "udp", "0-65535"],
            ],
            { interval: true },
          ),
          makeSet("s_cidr6", ["ipv6_addr", "inet_proto"], [["fd00::/16", "tcp"]], { interval: true }),
          makeSet("s_drops", ["ipv4_addr", "inet_service"], [], { dynamic: true, timeout: 60, size: 2 }),
        ],
        maps: [
          makeMap("m_pods", ["ipv4_addr"], "verdict", [
            [["10.1.0.1"], { kind: "jump", chain: "c_one" }],
            [["10.1.0.3"], { kind: "goto", chain: "c_one" }],
            [["10.1.0.4"], { kind: "accept" }],
          ]),
        ],
        chains: [
          makeChain("c_one", [
            rule({ kind: "match", fields: ["tcp dport"], values: [["80"]] }, verdict("return")),
            rule({ kind: "match", fields: ["tcp dport"], values: [["81"]] }, accept),
          ]),
          makeChain("c_forward", rules, forward),
        ],
      }),
    );
  }

  const judge = (more: Partial<Packet> = {}): string => fake.evaluate(packet(more)).verdict;

  it("falls through to the policy", async () => {
    await load(rule(counter));
    const { verdict: result, trace } = fake.evaluate(packet());
    expect(result).toBe("drop");
    expect(trace.map(({ chain, index, verdict: v }) => [chain, index, v?.kind])).toEqual([
      ["c_forward", 0, undefined],
      ["c_forward", undefined, "drop"],
    ]);
  });

  it("returns from jumps and not from gotos", async () => {
    await load(rule({ kind: "vmap", fields: ["ip saddr"], map: "m_pods" }), rule(accept));
    expect(judge()).toBe("accept");
    expect(judge({ dport: 82 })).toBe("accept");
    expect(judge({ saddr: "10.1.0.3" })).toBe("drop");
    expect(judge({ saddr: "10.1.0.3", dport: 81 })).toBe("accept");
    expect(judge({ saddr: "10.1.0.3", dport: 82 })).toBe("drop");
    expect(judge({ saddr: "10.1.0.5" })).toBe("accept");
  });

  it("looks prefixes and port ranges up", async () => {
    await load(
      rule({ kind: "lookup", fields: ["ip saddr", "meta l4proto", "th dport"], set: "s_cidr" }, accept),
      rule({ kind: "lookup", fields: ["ip6 saddr", "meta l4proto"], set: "s_cidr6" }, accept),
    );
    expect(judge({ dport: 80 })).toBe("accept");
    expect(judge({ dport: 90 })).toBe("accept");
    expect(judge({ dport: 91 })).toBe("drop");
    expect(judge({ dport: 100 })).toBe("accept");
    expect(judge({ saddr: "11.0.0.0" })).toBe("drop");
    expect(judge({ saddr: "10.9.0.7", protocol: "udp" })).toBe("accept");
    expect(judge({ saddr: "10.9.0.8", protocol: "udp" })).toBe("drop");
    expect(judge({ family: "ip6", saddr: "fd00:0:0:1::1", daddr: "fd00::2" })).toBe("accept");
    expect(judge({ family: "ip6", saddr: "fd01::1", daddr: "fd00::2" })).toBe("drop");
  });

  it.each<[string, readonly Statement[], Partial<Packet>, Partial<Packet>]>([
    [
      "states",
      [{ kind: "match", fields: ["ct state"], values: [["established"], ["related"]] }],
      { ctState: "related" },
      {},
    ],
    [
      "directions",
      [{ kind: "match", fields: ["ct direction"], values: [["reply"]] }],
      { ctDirection: "reply" },
      {},
    ],
    [
      "SYN among other flags",
      [{ kind: "flags", mask: ["syn", "ack"], value: ["syn"] }],
      { tcpFlags: ["syn", "ecn"] },
      { tcpFlags: ["syn", "ack"] },
    ],
    [
      "anything but SYN",
      [{ kind: "flags", mask: ["syn", "ack"], not: true, value: ["syn"] }],
      { tcpFlags: ["ack"] },
      { protocol: "udp" },
    ],
    [
      "a set's absence",
      [{ kind: "lookup", fields: ["ip saddr"], not: true, set: "s_four" }],
      { saddr: "10.1.0.9" },
      {},
    ],
    [
      "no IPv4 field in IPv6, negated or not",
      [{ kind: "match", fields: ["ip saddr"], not: true, values: [["10.1.0.9"]] }],
      {},
      { family: "ip6", saddr: "::1", daddr: "::2" },
    ],
    [
      "no port in ICMP",
      [{ kind: "match", fields: ["th dport"], not: true, values: [["1"]] }],
      {},
      { protocol: "icmp", sport: undefined, dport: undefined } as never,
    ],
    [
      "anonymous ranges",
      [{ kind: "match", fields: ["ip daddr"], values: [["10.1.0.0/24"], ["10.3.0.1"]] }],
      {},
      { daddr: "10.1.1.0" },
    ],
    [
      "concatenations",
      [
        {
          kind: "match",
          fields: ["meta l4proto", "th dport"],
          values: [
            ["udp", "53"],
            ["tcp", "80-81"],
          ],
        },
      ],
      { dport: 81 },
      { protocol: "udp" },
    ],
    [
      "families",
      [{ kind: "match", fields: ["meta nfproto"], values: [["ipv4"]] }],
      {},
      { family: "ip6", saddr: "::1", daddr: "::2" },
    ],
    [
      "interfaces",
      [{ kind: "match", fields: ["meta iifname"], values: [["v1"]] }],
      { iifname: "v1" },
      { iifname: "v2" },
    ],
    [
      "transport ports of the right protocol",
      [{ kind: "match", fields: ["udp dport"], values: [["80"]] }],
      { protocol: "udp" },
      {},
    ],
    [
      "limits",
      [
        { kind: "limit", rate: 1, per: "second" },
        { kind: "match", fields: ["ip saddr"], values: [["10.1.0.1"]] },
      ],
      {},
      { saddr: "10.1.0.2" },
    ],
  ])("knows %s", async (_, statements, yes, no) => {
    await load(rule(...statements, accept));
    expect(judge(yes)).toBe("accept");
    expect(judge(no)).toBe("drop");
  });

  it("counts", async () => {
    await load(rule(counter, tcp, counter, drop));
    fake.evaluate(packet({ length: 100 }));
    fake.evaluate(packet({ protocol: "udp" }));
    const listed = await fake.list({ family: "inet", name: "pc" });
    expect(listed?.chains.get("c_forward")?.rules[0]?.statements).toEqual([
      { kind: "counter", value: { packets: 2, bytes: 160 } },
      tcp,
      { kind: "counter", value: { packets: 1, bytes: 100 } },
      drop,
    ]);
  });

  it("fills a dynamic set up to its size", async () => {
    await load(
      rule({ kind: "update", set: "s_drops", fields: ["ip saddr", "th dport"], counter: true }, accept),
    );
    const verdicts = [80, 80, 81, 82].map((dport) => judge({ dport }));
    expect(verdicts).toEqual(["accept", "accept", "accept", "drop"]);
    const set = (await fake.listElements({ family: "inet", name: "pc" }, [{ name: "s_drops" }])).get(
      "s_drops",
    );
    expect([...(set?.elements ?? [])]).toEqual([
      ["10.1.0.1 . 80", { key: ["10.1.0.1", "80"], counter: { packets: 2, bytes: 120 } }],
      ["10.1.0.1 . 81", { key: ["10.1.0.1", "81"], counter: { packets: 1, bytes: 60 } }],
    ]);
  });

  it("keeps dynamic elements and counters through other changes", async () => {
    await load(
      rule({ kind: "update", set: "s_drops", fields: ["ip saddr", "th dport"], counter: true }, counter),
    );
    fake.evaluate(packet());
    const table = { family: "inet", name: "pc" } as const;
    await fake.run({ table, operations: [{ op: "add chain", chain: makeChain("c_more", []) }] });
    expect((await fake.listElements(table, [{ name: "s_drops" }])).get("s_drops")?.elements.size).toBe(1);
    expect(fake.dump()).toContain("counter packets 1 bytes 60");
  });

  it("translates destinations before it judges them, and only once", async () => {
    const nat = (name: string, port: number, priority: number) =>
      makeChain(
        name,
        [
          rule({ kind: "match", fields: ["ip daddr"], values: [["10.96.0.1"]] }, tcp, {
            kind: "dnat",
            family: "ip",
            to: [
              { address: "10.1.0.7", port: 1 },
              { address: "10.1.0.8", port },
            ],
          }),
        ],
        { type: "nat", hook: "prerouting", priority, policy: "accept" },
      );
    const table: Table = makeTable("pc", {
      chains: [
        nat("c_second", 9, -90),
        nat("c_first", 8080, -100),
        makeChain(
          "c_forward",
          [
            rule(
              { kind: "match", fields: ["ip daddr", "tcp dport"], values: [["10.1.0.8", "8080"]] },
              accept,
            ),
          ],
          forward,
        ),
        makeChain("c_post", [rule({ kind: "masquerade" })], {
          type: "nat",
          hook: "postrouting",
          priority: 100,
          policy: "accept",
        }),
      ],
    });
    await apply(fake, undefined, table);
    expect(fake.evaluate(packet({ daddr: "10.96.0.1" }))).toMatchObject({
      verdict: "accept",
      daddr: "10.1.0.8",
      dport: 8080,
      masqueraded: true,
    });
    expect(fake.evaluate(packet({ daddr: "10.96.0.1", ctState: "established" }))).toMatchObject({
      verdict: "drop",
      daddr: "10.96.0.1",
    });
  });

  it("passes through every base chain on the path in the order of priorities", async () => {
    const chain = (name: string, priority: number, last: Statement) =>
      makeChain(name, [rule(last)], { ...forward, priority });
    await apply(
      fake,
      undefined,
      makeTable("pc_a", { chains: [chain("c_late", 10, drop), chain("c_early", -10, accept)] }),
    );
    await apply(fake, undefined, makeTable("pc_b", { chains: [chain("c_middle", 0, accept)] }));
    const { verdict: result, trace } = fake.evaluate(packet());
    expect(result).toBe("drop");
    expect(trace.map((step) => step.chain)).toEqual(["c_early", "c_middle", "c_late"]);
    expect(fake.evaluate(packet({ path: "input" })).trace).toEqual([]);
  });

  it("tells a reject from a drop", async () => {
    await load(rule({ kind: "reject", with: "icmpx admin-prohibited" }));
    expect(fake.evaluate(packet())).toMatchObject({ verdict: "drop", rejected: "icmpx admin-prohibited" });
  });

  it("judges tens of thousands of packets against thousands of ranges in a moment", async () => {
    const ranges = Array.from({ length: 5000 }, (_, i) => [
      `10.${i >> 8}.${i & 255}.0/25`,
      `${1 + (i % 3)}-${10 + (i % 3)}`,
    ]);
    await apply(
      fake,
      undefined,
      makeTable("pc", {
        sets: [makeSet("s_many", ["ipv4_addr", "inet_service"], ranges, { interval: true })],
        chains: [
          makeChain(
            "c_forward",
            [rule({ kind: "lookup", fields: ["ip saddr", "th dport"], set: "s_many" }, accept)],
            forward,
          ),
        ],
      }),
    );
    let accepted = 0;
    for (let i = 0; i < 40_000; i++) {
      const result = fake.evaluate(packet({ saddr: `10.${(i >> 8) % 20}.${i & 255}.${i % 250}`, dport: 5 }));
      if (result.verdict === "accept") accepted++;
    }
    expect(accepted).toBeGreaterThan(15_000);
    expect(accepted).toBeLessThan(25_000);
  }, 10_000);
});

describe("FakeNft as a driver", () => {
  it("commits nothing of a transaction that fails, and nothing at a check", async () => {
    const fake = new FakeNft();
    const table = { family: "inet", name: "pc" } as const;
    const good = { table, operations: [{ op: "add table" }] } as const;
    await fake.check(good);
    expect(await fake.list(table)).toBeUndefined();
    await fake.run(good);
    const before = fake.dump();
    await expect(
      fake.run({
        table,
        operations: [
          { op: "add chain", chain: makeChain("c_new", []) },
          { op: "delete set", name: "s_no" },
        ],
      }),
    ).rejects.toMatchObject({ name: "NftError", operation: 1, command: "delete set inet pc s_no" });
    expect(fake.dump()).toBe(before);
  });

  it("fails when told to, and after it was closed", async () => {
    const fake = new FakeNft();
    const transaction = { table: { family: "inet", name: "pc" }, operations: [{ op: "add table" }] } as const;
    fake.failNext(new NftError("Error: on purpose"));
    await expect(fake.run(transaction)).rejects.toThrow("on purpose");
    await fake.run(transaction);
    await fake.close();
    await expect(fake.run(transaction)).rejects.toBeInstanceOf(NftUnavailable);
  });
});
