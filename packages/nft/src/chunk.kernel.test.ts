import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openNamespace, type TestNamespace } from "./namespace.testing.ts";
import { operationSize } from "./netlink-size.ts";
import { NftError } from "./nft-error.ts";
import { NftProcess } from "./nft-process.ts";
import type { Rule } from "./rule.ts";
import {
  accept,
  counter,
  drop,
  makeChain,
  makeMap,
  makeSet,
  rule,
  sampleTable,
  verdict,
} from "./sample-table.testing.ts";
import type { NftMap, NftSet } from "./set.ts";
import type { Operation } from "./transaction.ts";

/** net.core.wmem_default, and what the kernel keeps of it. */
const LIMIT = 212_992 - 32;
const table = { family: "inet", name: "pc_size" } as const;
const host = (i: number): string => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;

/** The estimate must not be less than the truth, nor so much more that transactions stay half empty. */
describe("operationSize against the kernel's limit in a user namespace", () => {
  let namespace: TestNamespace;
  let nft: NftProcess;

  beforeAll(async () => {
    namespace = await openNamespace();
    nft = new NftProcess({ command: namespace.command });
  });
  afterAll(async () => {
    await nft.close();
    await namespace.close();
  });

  const setUp: readonly Operation[] = [
    { op: "add table" },
    ...Array.from(
      sampleTable().sets.values(),
      (set): Operation => ({ op: "add set", set: { ...set, elements: new Map() } }),
    ),
    ...Array.from(
      sampleTable().maps.values(),
      (map): Operation => ({ op: "add map", map: { ...map, elements: new Map() } }),
    ),
    ...["c_allow", "c_deny", "c_nat", "c_test"].map(
      (name): Operation => ({ op: "add chain", chain: makeChain(name, []) }),
    ),
  ];

  async function fits(operations: readonly Operation[]): Promise<boolean> {
    await nft.run({ table, operations: setUp });
    try {
      await nft.run({ table, operations });
      return true;
    } catch (error) {
      if (error instanceof NftError && error.words.includes("Message too long")) return false;
      throw error;
    } finally {
      await nft.run({ table, operations: [{ op: "delete table" }] });
    }
  }

  const realistic: Rule = {
    statements: [
      { kind: "lookup", fields: ["ip saddr"], set: "s_four" },
      { kind: "match", fields: ["tcp dport"], values: [["80"]] },
      counter,
      accept,
    ],
    comment: "default/web ingress[0]",
  };
  const fromSample = (name: string): Rule[] => [...(sampleTable().chains.get(name)?.rules ?? [])];
  const set = (name: string, element: (i: number) => string[], base: NftSet) => ({
    what: name,
    make: (n: number): Operation => ({
      op: "add elements",
      set: base,
      elements: Array.from({ length: n }, (_, i) => ({ key: element(i) })),
    }),
    slack: 1.02,
  });
  const rules = (what: string, list: readonly Rule[], slack: number) => ({
    what,
    make: (n: number): Operation => ({
      op: "add rules",
      chain: "c_test",
      rules: Array.from({ length: n }, (_, i) => list[i % list.length] as Rule),
    }),
    slack,
  });
  const pods = makeMap("m_pods", ["ipv4_addr"], "verdict");

  it.each([
    set("addresses", (i) => [host(i)], makeSet("s_four", ["ipv4_addr"])),
    set("IPv6 addresses", (i) => [`fd00::${i.toString(16)}`], makeSet("s_six", ["ipv6_addr"])),
    set(
      "ranges",
      (i) => [`10.${i >> 8}.${i & 255}.0/24`, "tcp", "80"],
      sampleTable().sets.get("s_cidr") as NftSet,
    ),
    {
      what: "verdicts",
      make: (n: number): Operation => ({
        op: "add elements",
        set: pods as NftMap,
        elements: Array.from({ length: n }, (_, i) => ({
          key: [host(i)],
          value: { kind: "jump", chain: "c_allow" } as const,
        })),
      }),
      slack: 1.02,
    },
    rules("bare verdicts", [rule(drop)], 1.2),
    rules("realistic rules", [realistic], 1.2),
    rules(
      "vmaps and jumps",
      [rule({ kind: "vmap", fields: ["ip saddr"], map: "m_pods" }), rule(verdict("jump", "c_allow"))],
      1.2,
    ),
    rules("every match", fromSample("c_allow"), 1.25),
    rules("every action", fromSample("c_deny"), 1.4),
    rules("every translation", fromSample("c_nat"), 1.6),
  ])("is on the safe side for $what", async ({ make, slack }) => {
    const sizeOf = (n: number): number => operationSize(make(n));
    // The most that the estimate allows must pass…
    let allowed = 1;
    while (sizeOf(allowed * 2) <= LIMIT) allowed *= 2;
    for (let step = allowed / 2; step >= 1; step = Math.floor(step / 2))
      if (sizeOf(allowed + step) <= LIMIT) allowed += step;
    expect(await fits([make(allowed)])).toBe(true);
    // …and not much more of the same may.
    expect(await fits([make(Math.ceil(allowed * slack))])).toBe(false);
  });
});
