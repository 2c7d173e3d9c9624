import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chunkOperations, DEFAULT_BUDGET } from "./chunk.ts";
import { operationSize } from "./netlink-size.ts";
import { accept, counter, drop, makeChain, makeMap, makeSet, rule, verdict } from "./sample-table.testing.ts";
import type { Operation } from "./transaction.ts";

const host = (i: number): string[] => [`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`];
const set = makeSet("s_hosts", ["ipv4_addr"]);
const elements = (count: number) => Array.from({ length: count }, (_, i) => ({ key: host(i) }));
const pods = makeMap("m_pods", ["ipv4_addr"], "verdict");
const verdicts = (count: number, chain: string) =>
  elements(count).map(({ key }) => ({ key, value: { kind: "jump", chain } as const }));
const size = (chunk: readonly Operation[]): number => chunk.reduce((sum, o) => sum + operationSize(o), 0);

describe("operationSize", () => {
  // Figures of /proc/sys/net/core/wmem_default's 212,992 bytes: the most that one transaction took.
  it.each([
    ["ip", makeSet("s", ["ipv4_addr"], [["10.0.0.1"]]), 13_295],
    [
      "ip . proto . port",
      makeSet("s", ["ipv4_addr", "inet_proto", "inet_service"], [["10.0.0.1", "tcp", "80"]]),
      8_863,
    ],
    [
      "CIDR . port",
      makeSet("s", ["ipv4_addr", "inet_service"], [["10.0.0.0/8", "80"]], { interval: true }),
      5_909,
    ],
    [
      "ip : jump",
      makeMap("m", ["ipv4_addr"], "verdict", [[["10.0.0.1"], { kind: "jump", chain: "c_12345" }]]),
      4_834,
    ],
  ] as const)("is near the truth for %s", (_, one, most) => {
    const [element] = one.elements.values();
    if (!element) throw new Error("no element");
    const bytes = operationSize({ op: "add elements", set: one, elements: Array(most).fill(element) });
    expect(bytes).toBeGreaterThan(212_900);
    expect(bytes).toBeLessThan(214_500);
  });
});

describe("chunkOperations", () => {
  it("leaves what fits in one transaction", () => {
    const operations: Operation[] = [
      { op: "add table" },
      { op: "add set", set },
      { op: "add elements", set, elements: elements(100) },
    ];
    expect(chunkOperations(operations)).toEqual([operations]);
    expect(chunkOperations([])).toEqual([]);
  });

  it("splits elements, new sets, maps and chains, in order and without loss", () => {
    const rules = Array.from({ length: 2000 }, () => rule(counter, accept));
    const operations: Operation[] = [
      { op: "add set", set: { ...set, elements: new Map(elements(30_000).map((e) => [e.key.join(), e])) } },
      { op: "add chain", chain: makeChain("c_long", rules) },
      {
        op: "add map",
        map: { ...pods, elements: new Map(verdicts(20_000, "c_long").map((e) => [e.key.join(), e])) },
      },
      { op: "delete elements", set, elements: elements(30_000) },
    ];
    const chunks = chunkOperations(operations);
    for (const chunk of chunks) expect(size(chunk)).toBeLessThanOrEqual(DEFAULT_BUDGET);
    const flat = chunks.flat();
    const added = flat.flatMap((o) =>
      o.op === "add elements" && o.set.name === "s_hosts" ? o.elements : [],
    );
    expect(added).toEqual(elements(30_000));
    expect(
      flat.flatMap((o) => (o.op === "add elements" && o.set.name === "m_pods" ? o.elements : [])),
    ).toHaveLength(20_000);
    expect(
      flat.flatMap((o) => (o.op === "add rules" ? o.rules : o.op === "add chain" ? o.chain.rules : [])),
    ).toEqual(rules);
    expect(flat.flatMap((o) => (o.op === "delete elements" ? o.elements : []))).toHaveLength(30_000);
    const order = flat.map((o) => o.op);
    expect(order.indexOf("add set")).toBeLessThan(order.indexOf("add elements"));
    expect(order.indexOf("add chain")).toBeLessThan(order.indexOf("add map"));
  });

  it("never parts the halves of a changed value", () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 3000 }),
        fc.nat({ max: 3000 }),
        fc.integer({ min: 3000, max: 50_000 }),
        (removed, added, budget) => {
          const operations: Operation[] = [
            { op: "delete elements", set: pods, elements: elements(removed) },
            { op: "add elements", set: pods, elements: verdicts(added, "c_new") },
          ];
          const chunks = chunkOperations(operations, budget);
          for (const chunk of chunks) {
            expect(size(chunk)).toBeLessThanOrEqual(budget);
            const keys = (op: Operation["op"]) =>
              chunk.flatMap((o) =>
                o.op === op && "elements" in o ? o.elements.map((e) => e.key.join()) : [],
              );
            const gone = new Set(keys("delete elements"));
            const come = new Set(keys("add elements"));
            for (let i = 0; i < Math.min(removed, added); i++)
              expect(gone.has(host(i).join())).toBe(come.has(host(i).join()));
          }
          const count = (op: Operation["op"]) =>
            chunks
              .flat()
              .reduce((sum, o) => sum + (o.op === op && "elements" in o ? o.elements.length : 0), 0);
          expect([count("delete elements"), count("add elements")]).toEqual([removed, added]);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("rewrites a chain in one transaction, even one that is too large", () => {
    const long = Array.from({ length: 3000 }, () => rule(counter, drop));
    const rewrite: Operation[] = [
      { op: "flush chain", name: "c_long" },
      { op: "add rules", chain: "c_long", rules: long },
    ];
    const chunks = chunkOperations([
      { op: "add elements", set, elements: elements(10) },
      ...rewrite,
      { op: "flush set", name: "s_x" },
    ]);
    expect(chunks.map((chunk) => chunk.length)).toEqual([1, 2, 1]);
    expect(chunks[1]).toEqual(rewrite);
  });

  it("counts a verdict's chain by the length of its name", () => {
    const jump = (chain: string) =>
      operationSize({ op: "add rules", chain: "c", rules: [rule(verdict("jump", chain))] });
    expect(jump("c".repeat(200)) - jump("c")).toBe(200);
  });
});
