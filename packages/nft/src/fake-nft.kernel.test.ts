import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { FakeNft } from "./fake-nft.ts";
import { openNamespace, type TestNamespace } from "./namespace.testing.ts";
import type { Nft } from "./nft.ts";
import { NftError } from "./nft-error.ts";
import { NftProcess } from "./nft-process.ts";
import { parseTable } from "./parse-table.ts";
import { plan } from "./plan.ts";
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
import type { Hook } from "./table.ts";
import type { Operation } from "./transaction.ts";

const ref = { family: "inet", name: "pc_both" } as const;
const input: Hook = { type: "filter", hook: "input", priority: 0, policy: "accept" };
const four = makeSet("s_four", ["ipv4_addr"], [["10.0.0.1"]]);
const ports = makeSet("s_ports", ["ipv4_addr", "inet_service"], [["10.0.0.0/8", "80"]], { interval: true });
const pods = makeMap("m_pods", ["ipv4_addr"], "verdict", [
  [["10.0.0.1"], { kind: "jump", chain: "c_leaf" }],
  [["10.0.0.2"], { kind: "drop" }],
]);
const tcp = { kind: "match", fields: ["meta l4proto"], values: [["tcp"]] } as const;

/** A table to misbehave against. */
const base: Operation[] = [
  { op: "add table" },
  { op: "add set", set: four },
  { op: "add set", set: ports },
  { op: "add chain", chain: makeChain("c_leaf", [rule(accept)]) },
  { op: "add chain", chain: makeChain("c_free", []) },
  { op: "add map", map: pods },
  {
    op: "add chain",
    chain: makeChain(
      "c_in",
      [
        rule({ kind: "vmap", fields: ["ip saddr"], map: "m_pods" }),
        rule({ kind: "lookup", fields: ["ip saddr"], set: "s_four" }, drop),
      ],
      input,
    ),
  },
];

const elements = (...keys: string[][]) => keys.map((key) => ({ key }));
const chainOps = (n: number): Operation[] => [
  ...Array.from({ length: n }, (_, i): Operation => ({ op: "add chain", chain: makeChain(`c_${i}`, []) })),
  ...Array.from(
    { length: n - 1 },
    (_, i): Operation => ({
      op: "add rules",
      chain: `c_${i}`,
      rules: [rule(verdict("jump", `c_${i + 1}`))],
    }),
  ),
  { op: "add rules", chain: "c_in", rules: [rule(verdict("jump", "c_0"))] },
];

/** What is tried, and the words of the refusal; none when it is taken. */
const attempts: readonly (readonly [string, readonly Operation[], string?])[] = [
  ["create a chain twice", [{ op: "add chain", chain: makeChain("c_leaf", []) }], "File exists"],
  ["create a set twice", [{ op: "add set", set: four }], "File exists"],
  [
    "a map with a set's name",
    [{ op: "add map", map: { ...pods, name: "s_four", elements: new Map() } }],
    "File exists",
  ],
  ["the same table again", [{ op: "add table" }]],
  ["a keyword as a name", [{ op: "add chain", chain: makeChain("fwd", []) }], "syntax error"],
  ["rules to no chain", [{ op: "add rules", chain: "c_no", rules: [rule(accept)] }], "No such file"],
  [
    "a jump to no chain",
    [{ op: "add rules", chain: "c_free", rules: [rule(verdict("jump", "c_no"))] }],
    "No such file",
  ],
  [
    "a jump to a base chain",
    [{ op: "add rules", chain: "c_free", rules: [rule(verdict("goto", "c_in"))] }],
    "Operation not supported",
  ],
  [
    "a lookup in no set",
    [
      {
        op: "add rules",
        chain: "c_free",
        rules: [rule({ kind: "lookup", fields: ["ip saddr"], set: "s_no" }, drop)],
      },
    ],
    "No such file",
  ],
  [
    "a lookup of another type",
    [
      {
        op: "add rules",
        chain: "c_free",
        rules: [rule({ kind: "lookup", fields: ["ip6 saddr"], set: "s_four" }, drop)],
      },
    ],
    "datatype mismatch",
  ],
  [
    "a vmap of no map",
    [
      {
        op: "add rules",
        chain: "c_free",
        rules: [rule({ kind: "vmap", fields: ["ip saddr"], map: "m_no" })],
      },
    ],
    "No such file",
  ],
  ["flush no chain", [{ op: "flush chain", name: "c_no" }], "No such file"],
  ["delete no chain", [{ op: "delete chain", name: "c_no" }], "No such file"],
  [
    "delete a chain that a map names",
    [
      { op: "flush chain", name: "c_leaf" },
      { op: "delete chain", name: "c_leaf" },
    ],
    "resource busy",
  ],
  [
    "delete a chain with rules",
    [
      { op: "add rules", chain: "c_free", rules: [rule(accept)] },
      { op: "delete chain", name: "c_free" },
    ],
  ],
  ["delete a free chain", [{ op: "delete chain", name: "c_free" }]],
  ["delete a used set", [{ op: "delete set", name: "s_four" }], "resource busy"],
  ["delete a used map", [{ op: "delete map", name: "m_pods" }], "resource busy"],
  ["delete a free set", [{ op: "delete set", name: "s_ports" }]],
  ["delete no set", [{ op: "delete set", name: "s_no" }], "No such file"],
  [
    "delete no element",
    [{ op: "delete elements", set: four, elements: elements(["10.0.0.9"]) }],
    "No such file",
  ],
  [
    "delete an element twice",
    [{ op: "delete elements", set: four, elements: elements(["10.0.0.1"], ["10.0.0.1"]) }],
    "No such file",
  ],
  [
    "add an element again",
    [{ op: "add elements", set: four, elements: elements(["10.0.0.1"], ["10.0.0.2"]) }],
  ],
  ["add a range again", [{ op: "add elements", set: ports, elements: elements(["10.0.0.0/8", "80"]) }]],
  [
    "a range inside another",
    [{ op: "add elements", set: ports, elements: elements(["10.1.0.0/16", "80"]) }],
    "File exists",
  ],
  [
    "a range around another",
    [{ op: "add elements", set: ports, elements: elements(["10.0.0.0/7", "80"]) }],
    "File exists",
  ],
  [
    "a range beside another",
    [{ op: "add elements", set: ports, elements: elements(["10.0.0.0/8", "81"], ["11.0.0.0/8", "80"]) }],
  ],
  [
    "elements of no set",
    [{ op: "add elements", set: { ...four, name: "s_no" }, elements: elements(["10.0.0.1"]) }],
    "No such file",
  ],
  [
    "another value for a key",
    [{ op: "add elements", set: pods, elements: [{ key: ["10.0.0.2"], value: { kind: "accept" } }] }],
    "File exists",
  ],
  [
    "a changed value",
    [
      { op: "delete elements", set: pods, elements: elements(["10.0.0.2"]) },
      { op: "add elements", set: pods, elements: [{ key: ["10.0.0.2"], value: { kind: "accept" } }] },
    ],
  ],
  [
    "a verdict to no chain",
    [
      {
        op: "add elements",
        set: pods,
        elements: [{ key: ["10.0.0.3"], value: { kind: "jump", chain: "c_no" } }],
      },
    ],
    "No such file",
  ],
  [
    "a verdict to a base chain",
    [
      {
        op: "add elements",
        set: pods,
        elements: [{ key: ["10.0.0.3"], value: { kind: "jump", chain: "c_in" } }],
      },
    ],
    "Operation not supported",
  ],
  ["flush a set", [{ op: "flush set", name: "s_four" }]],
  ["flush a map", [{ op: "flush map", name: "m_pods" }]],
  ["flush a map as a set", [{ op: "flush set", name: "m_pods" }], "No such file"],
  ["fifteen nested jumps", chainOps(15)],
  ["sixteen nested jumps", chainOps(16), "Too many links"],
  [
    "a loop that a base chain leads to",
    [{ op: "add rules", chain: "c_leaf", rules: [rule(verdict("jump", "c_leaf"))] }],
    "Too many links",
  ],
  [
    "a loop that nothing leads to",
    [{ op: "add rules", chain: "c_free", rules: [rule(verdict("jump", "c_free"))] }],
  ],
  [
    "nat at a hook without",
    [{ op: "add chain", chain: makeChain("c_nat", [], { ...input, type: "nat", hook: "forward" }) }],
    "Operation not supported",
  ],
  [
    "masquerade in a filter",
    [{ op: "add rules", chain: "c_in", rules: [rule({ kind: "masquerade" })] }],
    "Operation not supported",
  ],
  [
    "dnat in a filter",
    [
      {
        op: "add rules",
        chain: "c_leaf",
        rules: [rule(tcp, { kind: "dnat", family: "ip", to: [{ address: "10.0.0.1", port: 1 }] })],
      },
    ],
    "Operation not supported",
  ],
  [
    "dnat to a port without a protocol",
    [
      {
        op: "add rules",
        chain: "c_free",
        rules: [rule({ kind: "dnat", family: "ip", to: [{ address: "10.0.0.1", port: 1 }] })],
      },
    ],
    "transport protocol",
  ],
  [
    "half good, half bad",
    [
      { op: "add chain", chain: makeChain("c_new", [rule(counter)]) },
      { op: "delete chain", name: "c_leaf" },
    ],
    "resource busy",
  ],
  ["delete the table", [{ op: "delete table" }]],
  ["delete the table twice", [{ op: "delete table" }, { op: "delete table" }], "No such file"],
];

describe("FakeNft agrees with the kernel", () => {
  let namespace: TestNamespace;
  let kernel: NftProcess;

  beforeAll(async () => {
    namespace = await openNamespace();
    kernel = new NftProcess({ command: namespace.command });
  });
  afterAll(async () => {
    await kernel.close();
    await namespace.close();
  });
  afterEach(async () => {
    for (const name of ["pc_both", "pc_sample"]) {
      const table = { family: "inet", name } as const;
      if (await kernel.list(table)) await kernel.run({ table, operations: [{ op: "delete table" }] });
    }
  });

  async function outcome(nft: Nft, operations: readonly Operation[]): Promise<NftError | undefined> {
    try {
      await nft.run({ table: ref, operations });
      return undefined;
    } catch (error) {
      if (error instanceof NftError) return error;
      throw error;
    }
  }

  it.each(attempts.map(([what, operations, words]) => ({ what, operations, words })))(
    "on $what",
    async ({ operations, words }) => {
      const fake = new FakeNft();
      for (const nft of [kernel, fake]) {
        expect(await outcome(nft, base)).toBeUndefined();
        const error = await outcome(nft, operations);
        if (words === undefined) expect(error).toBeUndefined();
        else expect(error?.words).toContain(words);
      }
      const [real, imagined] = [await kernel.list(ref), await fake.list(ref)];
      expect(imagined).toEqual(real);
      if (imagined) expect(parseTable(fake.dump())).toEqual(real);
    },
  );

  it("on where the fault is", async () => {
    const operations: Operation[] = [
      { op: "add chain", chain: makeChain("c_new", [rule(counter), rule(drop)]) },
      {
        op: "add rules",
        chain: "c_new",
        rules: [rule(counter), rule(verdict("jump", "c_nowhere")), rule(drop)],
      },
    ];
    const fake = new FakeNft();
    for (const nft of [kernel, fake]) {
      await nft.run({ table: ref, operations: base });
      const error = await outcome(nft, operations);
      expect(error?.operation).toBe(1);
    }
    expect((await outcome(kernel, operations))?.command).toBe("add rule inet pc_both c_new jump c_nowhere");
  });

  it("on a table with every construct", async () => {
    const fake = new FakeNft();
    const table = sampleTable();
    for (const nft of [kernel, fake])
      for (const transaction of plan(undefined, table)) await nft.run(transaction);
    expect(await fake.list(table)).toEqual(await kernel.list(table));
    const loaded = new FakeNft();
    loaded.load(fake.dump());
    expect(loaded.dump()).toBe(fake.dump());
  });

  it("on tables that grow and shrink", async () => {
    const fake = new FakeNft();
    const small = makeTable("pc_both", { sets: [four], chains: [makeChain("c_leaf", [rule(accept)])] });
    const large = makeTable("pc_both", {
      sets: [{ ...four, elements: new Map() }, ports],
      maps: [pods],
      chains: [
        makeChain("c_leaf", [rule(counter), rule(drop)]),
        makeChain("c_in", [rule(verdict("jump", "c_leaf"))], input),
      ],
    });
    const noBase = makeTable("pc_both", {});
    let current: typeof small | undefined;
    for (const desired of [small, large, small, noBase]) {
      for (const nft of [kernel, fake])
        for (const transaction of plan(current, desired)) await nft.run(transaction);
      current = await kernel.list(ref);
      expect(await fake.list(ref)).toEqual(current);
    }
    // The base chain stays, and what it leads to.
    expect([...(current?.chains.keys() ?? [])].sort()).toEqual(["c_in", "c_leaf"]);
  });
});
