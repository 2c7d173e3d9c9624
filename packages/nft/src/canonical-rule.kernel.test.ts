import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ruleIdentity } from "./format-rule.ts";
import { openNamespace, type TestNamespace } from "./namespace.testing.ts";
import { NftProcess } from "./nft-process.ts";
import { rules } from "./rule.testing.ts";
import { makeChain } from "./sample-table.testing.ts";

const table = { family: "inet", name: "pc_rules" } as const;

describe("the canonical form of a rule", () => {
  let namespace: TestNamespace;
  let nft: NftProcess;

  beforeAll(async () => {
    namespace = await openNamespace();
    nft = new NftProcess({ command: namespace.command });
    await nft.run({
      table,
      operations: [{ op: "add table" }, { op: "add chain", chain: makeChain("c_rules", []) }],
    });
  });
  afterAll(async () => {
    await nft.close();
    await namespace.close();
  });

  it("is what the kernel lists", async () => {
    const seed = Number(process.env.NFT_SEED ?? Date.now() & 0xffffff);
    console.log(`seed ${seed}`);
    await fc.assert(
      fc.asyncProperty(fc.array(rules, { minLength: 1, maxLength: 30 }), async (list) => {
        await nft.run({
          table,
          operations: [
            { op: "flush chain", name: "c_rules" },
            { op: "add rules", chain: "c_rules", rules: list },
          ],
        });
        const listed = await nft.list(table);
        expect(listed?.chains.get("c_rules")?.rules.map(ruleIdentity)).toEqual(list.map(ruleIdentity));
      }),
      { numRuns: 60, seed },
    );
  });
});
