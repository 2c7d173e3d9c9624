import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FakeNft } from "./fake-nft.ts";
import { openNamespace, type TestNamespace } from "./namespace.testing.ts";
import { NftProcess } from "./nft-process.ts";
import type { Packet } from "./packet.ts";
import { plan } from "./plan.ts";
import { rules } from "./rule.testing.ts";
import type { Rule } from "./rule.ts";
import { runProgram } from "./run-program.ts";
import {
  accept,
  counter,
  makeChain,
  makeMap,
  makeSet,
  makeTable,
  rule,
  verdict,
} from "./sample-table.testing.ts";
import type { Table } from "./table.ts";

const ref = { family: "inet", name: "pc_eval" } as const;

/** Sends a datagram of one byte for each [saddr, sport, daddr, dport]; refusals are the point. */
const sender = `
const { createSocket } = require("node:dgram");
const { isIPv6 } = require("node:net");
const flows = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
(async () => {
  for (const [saddr, sport, daddr, dport] of flows) {
    const socket = createSocket(isIPv6(saddr) ? "udp6" : "udp4");
    await new Promise((done) => socket.bind(sport, saddr, done));
    await new Promise((done) => socket.send("x", dport, daddr, () => done()));
    socket.close();
  }
})();
`;

/** Without limits, which depend on time, and with a counter before the end. */
function counted({ statements, ...rest }: Rule): Rule {
  const end = statements.at(-1);
  const body = statements.slice(0, -1).filter((statement) => statement.kind !== "limit");
  return { ...rest, statements: end ? [...body, counter, end] : body };
}

const branch = fc.constantFrom(
  rule({ kind: "match", fields: ["th dport"], values: [["1-150"]] }, counter, verdict("jump", "c_one")),
  rule(
    { kind: "match", fields: ["udp sport"], not: true, values: [["2000-2030"]] },
    counter,
    verdict("goto", "c_two"),
  ),
  rule(
    { kind: "lookup", fields: ["ip saddr", "meta l4proto", "th dport"], set: "s_cidr" },
    counter,
    verdict("jump", "c_two"),
  ),
  rule({ kind: "lookup", fields: ["ip daddr"], not: true, set: "s_hosts" }, counter),
  rule({ kind: "vmap", fields: ["ip daddr"], map: "m_pods" }, counter),
  rule({ kind: "update", set: "s_seen", fields: ["ip saddr", "th dport"], counter: true }, counter),
  rule({ kind: "match", fields: ["meta oifname"], values: [["lo"]] }, counter),
  rule(counter, verdict("return")),
);
const leafRules = fc.array(rules.map(counted), { maxLength: 4 });

const tables: fc.Arbitrary<Table> = fc
  .tuple(fc.array(fc.oneof(branch, rules.map(counted)), { maxLength: 8 }), leafRules, leafRules)
  .map(([base, one, two]) =>
    makeTable(ref.name, {
      sets: [
        makeSet("s_hosts", ["ipv4_addr"], [["10.0.0.1"], ["10.0.1.7"]]),
        makeSet(
          "s_cidr",
          ["ipv4_addr", "inet_proto", "inet_service"],
          [
            ["10.0.0.0/24", "udp", "1-100"],
            ["10.0.1.0-10.0.1.99", "udp", "50-300"],
          ],
          { interval: true },
        ),
        makeSet("s_seen", ["ipv4_addr", "inet_service"], [], { dynamic: true, size: 65535 }),
      ],
      maps: [
        makeMap("m_pods", ["ipv4_addr"], "verdict", [
          [["10.0.0.1"], { kind: "jump", chain: "c_one" }],
          [["10.0.0.2"], { kind: "goto", chain: "c_two" }],
          [["10.0.0.3"], { kind: "accept" }],
          [["10.0.0.4"], { kind: "drop" }],
          [["10.0.0.5"], { kind: "return" }],
        ]),
      ],
      chains: [
        makeChain("c_one", one),
        makeChain("c_two", two),
        makeChain(
          "c_out",
          [
            rule({ kind: "match", fields: ["meta l4proto"], not: true, values: [["udp"]] }, accept),
            ...base,
            rule(counter),
          ],
          {
            type: "filter",
            hook: "output",
            priority: 0,
            policy: "drop",
          },
        ),
      ],
    }),
  );

const flow = fc.tuple(fc.boolean(), fc.nat(11), fc.nat(3), fc.integer({ min: 1, max: 300 }));

describe("FakeNft.evaluate", () => {
  let namespace: TestNamespace;
  let kernel: NftProcess;

  beforeAll(async () => {
    namespace = await openNamespace();
    kernel = new NftProcess({ command: namespace.command });
    const setUp =
      "ip link set lo up; ip addr add 10.0.0.0/16 dev lo; ip route add local fd00::/16 dev lo; echo 1 > /proc/sys/net/ipv6/ip_nonlocal_bind";
    const { code, stderr } = await runProgram([...namespace.command, "sh", "-ec", setUp], "", 10_000);
    expect([code, stderr]).toEqual([0, ""]);
  });
  afterAll(async () => {
    await kernel.close();
    await namespace.close();
  });

  it("moves every counter as the kernel does", async () => {
    const seed = Number(process.env.NFT_SEED ?? Date.now() & 0xffffff);
    console.log(`seed ${seed}`);
    await fc.assert(
      fc.asyncProperty(tables, fc.array(flow, { minLength: 20, maxLength: 60 }), async (table, flows) => {
        const fake = new FakeNft();
        for (const transaction of plan(undefined, table)) {
          await kernel.run(transaction);
          await fake.run(transaction);
        }
        try {
          const packets = flows.map(([six, to, from, dport], i): Packet => {
            const address = (n: number): string => (six ? `fd00::${n >> 2}:${n}` : `10.0.${n >> 3}.${n & 7}`);
            return {
              family: six ? "ip6" : "ip",
              saddr: address(from + 1),
              daddr: address(to + 1),
              protocol: "udp",
              // Every packet is the first of its flow.
              sport: 2000 + i,
              dport,
              ctState: "new",
              oifname: "lo",
              path: "output",
              length: six ? 49 : 29,
            };
          });
          const lines = JSON.stringify(packets.map((p) => [p.saddr, p.sport, p.daddr, p.dport]));
          const sent = await runProgram(
            [...namespace.command, process.execPath, "-e", sender],
            lines,
            20_000,
          );
          expect([sent.code, sent.stderr]).toEqual([0, ""]);
          for (const packet of packets) fake.evaluate(packet);
          expect(await fake.list(ref)).toEqual(await kernel.list(ref));
        } finally {
          await kernel.run({ table: ref, operations: [{ op: "delete table" }] });
        }
      }),
      { numRuns: 40, seed },
    );
  });
});
