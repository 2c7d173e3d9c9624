import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { apply } from "./apply.ts";
import { tableDifference } from "./difference.ts";
import { FakeNft } from "./fake-nft.ts";
import { NftError } from "./nft-error.ts";
import { plan } from "./plan.ts";
import type { Rule } from "./rule.ts";
import {
  accept,
  counter,
  drop,
  makeChain,
  makeMap,
  makeSet,
  makeTable,
  rule,
  sampleTable,
  verdict,
} from "./sample-table.testing.ts";
import type { Hook, Table } from "./table.ts";

const hook: Hook = { type: "filter", hook: "forward", priority: 0, policy: "drop" };

/** Tables whose chains refer to later ones, to sets and to a map; names are few, so that states overlap. */
const tables: fc.Arbitrary<Table> = fc
  .record({
    chains: fc.uniqueArray(fc.integer({ min: 0, max: 5 }), { maxLength: 6 }),
    sets: fc.uniqueArray(fc.integer({ min: 0, max: 4 }), { maxLength: 5 }),
    hosts: fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 20 }),
    ports: fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { maxLength: 5 }),
    seed: fc.array(fc.nat(), { minLength: 12, maxLength: 12 }),
    maps: fc.uniqueArray(fc.integer({ min: 0, max: 2 }), { maxLength: 3 }),
  })
  .map(({ chains, sets, hosts, ports, seed, maps }) => {
    const pick = (i: number, n: number): number => (seed[i % seed.length] ?? 0) % n;
    const sorted = [...chains].sort();
    const later = (i: number): number[] => sorted.filter((j) => j > i);
    const rules = (i: number): Rule[] => [
      ...sets
        .slice(0, pick(i, 3))
        .map((s) => rule({ kind: "lookup", fields: ["ip saddr"], set: `s_${s}` }, counter, accept)),
      ...later(i)
        .slice(0, pick(i + 1, 3))
        .map((j) => rule(verdict(pick(i + 2, 2) ? "jump" : "goto", `c_${j}`))),
      ...(pick(i + 3, 2) ? [rule(drop)] : []),
    ];
    return makeTable("pc", {
      sets: [
        ...sets.map((s) =>
          makeSet(
            `s_${s}`,
            ["ipv4_addr"],
            hosts.filter((h) => (h + s) % 3 > 0).map((h) => [`10.0.0.${h}`]),
          ),
        ),
        makeSet(
          "s_ranges",
          ["ipv4_addr", "inet_service"],
          ports.map((p) => [pick(p, 2) ? "10.0.0.0/8" : "10.0.0.0/9", `${p}`]),
          { interval: true },
        ),
        makeSet("s_drops", ["ipv4_addr"], [], { dynamic: true, size: 10 }),
      ],
      maps: maps.map((m) =>
        makeMap(
          `m_${m}`,
          ["ipv4_addr"],
          "verdict",
          hosts.map((h) => [
            [`10.0.0.${h}`],
            sorted.length > 0 && pick(h + m, 4) > 0
              ? { kind: "jump", chain: `c_${sorted[pick(h, sorted.length)]}` }
              : { kind: pick(h, 2) ? "accept" : "drop" },
          ]),
        ),
      ),
      chains: [
        makeChain(
          "c_forward",
          maps.map((m) => rule({ kind: "vmap", fields: ["ip saddr"], map: `m_${m}` })),
          hook,
        ),
        ...sorted.map((i) => makeChain(`c_${i}`, rules(i))),
      ],
    });
  });

describe("plan", () => {
  it("leads from any table to any other, at any budget, and knows when it is there", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(tables, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 200, max: 4000 }),
        async (states, budget) => {
          const fake = new FakeNft();
          let current: Table | undefined;
          for (const desired of states) {
            current = await apply(fake, current, desired, budget);
            const listed = await fake.list(desired);
            expect(tableDifference(listed, desired)).toEqual([]);
            expect(plan(listed, desired)).toEqual([]);
            expect(plan(desired, desired)).toEqual([]);
          }
          // What happened before does not matter: the last state alone gives the same table.
          const fresh = new FakeNft();
          const last = states.at(-1) as Table;
          await apply(fresh, undefined, last);
          expect(tableDifference(await fake.list(last), (await fresh.list(last)) as Table)).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });

  const leaf = makeChain("c_leaf", [rule(accept)]);
  const pods = (chain: string) =>
    makeMap("m_pods", ["ipv4_addr"], "verdict", [[["10.0.0.1"], { kind: "goto", chain }]]);
  const base = makeChain("c_forward", [rule({ kind: "vmap", fields: ["ip saddr"], map: "m_pods" })], hook);

  it("creates, retargets and deletes in transactions of their own", () => {
    const from = makeTable("pc", { chains: [leaf, base], maps: [pods("c_leaf")] });
    const to = makeTable("pc", { chains: [makeChain("c_new", [rule(drop)]), base], maps: [pods("c_new")] });
    expect(plan(from, to).map(({ phase, operations }) => [phase, operations.map((o) => o.op)])).toEqual([
      ["create", ["add chain", "add rules"]],
      ["retarget", ["delete elements", "add elements"]],
      ["delete", ["flush chain", "delete chain"]],
    ]);
  });

  it("writes base chains last", () => {
    const [transaction] = plan(undefined, sampleTable());
    const hooks =
      transaction?.operations.map((o) => o.op === "add chain" && o.chain.hook !== undefined) ?? [];
    expect(hooks.indexOf(true)).toBe(hooks.lastIndexOf(false) + 1);
  });

  it("rewrites a chain in one transaction, only when a rule says something else", () => {
    const table = (rules: readonly Rule[]) => makeTable("pc", { chains: [makeChain("c_leaf", rules)] });
    const counted = table([rule({ kind: "counter", value: { packets: 5, bytes: 6 } }, accept)]);
    expect(plan(counted, table([rule(counter, accept)]))).toEqual([]);
    const [only, ...others] = plan(counted, table([rule(counter, drop)]));
    expect(others).toEqual([]);
    expect(only?.operations).toEqual([
      { op: "flush chain", name: "c_leaf" },
      { op: "add rules", chain: "c_leaf", rules: [rule(counter, drop)] },
    ]);
  });

  it("leaves alone what a foreign base chain uses", () => {
    const from = makeTable("pc", { chains: [leaf, base, makeChain("c_gone", [])], maps: [pods("c_leaf")] });
    const operations = plan(from, makeTable("pc", {})).flatMap((t) => t.operations);
    expect(operations).toEqual([{ op: "delete chain", name: "c_gone" }]);
  });

  it("refuses another definition under the same name", () => {
    const table = (set: Parameters<typeof makeSet>[1]) => makeTable("pc", { sets: [makeSet("s_x", set)] });
    expect(() => plan(table(["ipv4_addr"]), table(["ipv6_addr"]))).toThrow("set s_x");
    const policy = (p: Hook["policy"]) =>
      makeTable("pc", { chains: [makeChain("c_f", [], { ...hook, policy: p })] });
    expect(() => plan(policy("drop"), policy("accept"))).toThrow("chain c_f");
  });

  it("never touches dynamic elements", () => {
    const dynamic = (...keys: string[][]) =>
      makeTable("pc", {
        sets: [
          makeSet("s_d", ["ipv4_addr"], keys, { dynamic: true, ...(keys.length ? { size: 65535 } : {}) }),
        ],
      });
    expect(plan(dynamic(["10.0.0.1"]), dynamic())).toEqual([]);
  });
});

describe("apply", () => {
  it("says in which phase and transaction it failed", async () => {
    const fake = new FakeNft();
    const empty = await apply(fake, undefined, makeTable("pc", {}));
    fake.failNext(new NftError("Error: no"));
    await expect(apply(fake, empty, sampleTable("pc"))).rejects.toMatchObject({
      name: "ApplyError",
      phase: "create",
      index: 0,
      cause: { words: "Error: no" },
    });
  });
});

describe("tableDifference", () => {
  it("names every kind of difference", () => {
    const have = makeTable("pc", {
      sets: [makeSet("s_a", ["ipv4_addr"], [["10.0.0.1"], ["10.0.0.2"]]), makeSet("s_old", ["mark"])],
      maps: [makeMap("m_a", ["ipv4_addr"], "verdict", [[["10.0.0.1"], { kind: "accept" }]])],
      chains: [makeChain("c_a", [rule(accept), rule(drop)]), makeChain("c_h", [], hook)],
    });
    const want = makeTable("pc", {
      sets: [makeSet("s_a", ["ipv4_addr"], [["10.0.0.1"], ["10.0.0.3"]]), makeSet("s_new", ["mark"])],
      maps: [makeMap("m_a", ["ipv4_addr"], "verdict", [[["10.0.0.1"], { kind: "drop" }]])],
      chains: [makeChain("c_a", [rule(accept)]), makeChain("c_h", [])],
    });
    expect(tableDifference(have, want)).toEqual([
      "set s_old is unexpected",
      "set s_a: unexpected element 10.0.0.2",
      "set s_a: element 10.0.0.3 is missing",
      "set s_new is missing",
      "map m_a: element 10.0.0.1 has another value",
      "chain c_a: rule 2 is drop instead of nothing",
      "chain c_h is defined as filter forward 0 drop instead of no hook",
    ]);
    expect(tableDifference(undefined, want)).toEqual(["table inet pc is missing"]);
  });
});
