import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apply } from "./apply.ts";
import { tableDifference } from "./difference.ts";
import { openNamespace, type TestNamespace } from "./namespace.testing.ts";
import { NftProcess } from "./nft-process.ts";
import { plan } from "./plan.ts";
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

/** `pods` addresses spread over `groups` chains that jump to each other, with a set each and interval sets. */
function cluster(pods: number, groups: number, generation: number): Table {
  const address = (i: number): string => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;
  const indices = Array.from({ length: groups }, (_, g) => g);
  return makeTable("pc_apply", {
    sets: [
      ...indices.map((g) =>
        makeSet(`s_${generation % 3}_${g}`, ["ipv4_addr"], [[address(g)], [address(g + generation + 1)]]),
      ),
      makeSet(
        "s_all",
        ["ipv4_addr"],
        Array.from({ length: pods }, (_, i) => [address(i * 3 + (generation % 7))]),
      ),
      makeSet(
        "s_cidr",
        ["ipv4_addr", "inet_service"],
        [
          [`10.0.0.0/${8 + (generation % 4)}`, "80"],
          ["11.0.0.0/8", `${generation % 2}`],
        ],
        {
          interval: true,
        },
      ),
    ],
    maps: [
      makeMap(
        "m_pods",
        ["ipv4_addr"],
        "verdict",
        Array.from({ length: pods }, (_, i) => [
          [address(i)],
          { kind: "goto", chain: `c_${generation % 2}_${(i + generation) % groups}` },
        ]),
      ),
    ],
    chains: [
      makeChain(
        "c_forward",
        [
          rule({ kind: "vmap", fields: ["ip saddr"], map: "m_pods" }),
          ...(generation % 2 ? [rule(counter)] : []),
        ],
        { type: "filter", hook: "forward", priority: 0, policy: "drop" },
      ),
      ...indices.map((g) =>
        makeChain(`c_${generation % 2}_${g}`, [
          rule({ kind: "lookup", fields: ["ip daddr"], set: `s_${generation % 3}_${g}` }, counter, accept),
          ...(g > 0 && g < 10 ? [rule(verdict("jump", `c_${generation % 2}_${g - 1}`))] : []),
        ]),
      ),
    ],
  });
}

describe("apply on a kernel, as the root of a user namespace", () => {
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

  it("walks through tables that differ in everything", async () => {
    let current: Table | undefined;
    for (const [pods, groups, generation] of [
      [10, 3, 0],
      [20, 3, 1],
      [5, 5, 2],
      [5, 5, 2],
      [0, 0, 3],
      [30, 12, 4],
    ] as const) {
      const desired = cluster(pods, groups, generation);
      const before = await nft.list(desired);
      if (current) expect(tableDifference(before, current)).toEqual([]);
      await apply(nft, before, desired);
      current = desired;
      expect(tableDifference(await nft.list(desired), desired)).toEqual([]);
      expect(plan(await nft.list(desired), desired)).toEqual([]);
    }
  });

  it("keeps every transaction of a large change under the limit", async () => {
    const big = cluster(40_000, 400, 5);
    const before = await nft.list(big);
    const transactions = plan(before, big);
    expect(transactions.length).toBeGreaterThan(10);
    await apply(nft, before, big);
    expect(tableDifference(await nft.list(big), big)).toEqual([]);
    // All 40,000 verdicts change: pairs of delete and add.
    const next = cluster(40_000, 400, 6);
    await apply(nft, big, next);
    expect(tableDifference(await nft.list(next), next)).toEqual([]);
  });
});
