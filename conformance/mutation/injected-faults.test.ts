import { afterAll, beforeAll, expect, test } from "vitest";
import { faults, mutantOf } from "./faults.ts";
import { activate } from "./mutant.ts";
import { MutatedTree } from "./mutated-tree.ts";

const options = { seed: 20_261_123, runs: 200 };
let tree: MutatedTree;
let agreement: (settings: typeof options) => Promise<number>;

beforeAll(async () => {
  tree = await MutatedTree.open(faults.map((fault, index) => mutantOf(fault, index + 1)));
  ({ agreement } = await tree.import<typeof import("./agreement.ts")>("conformance/mutation/agreement.ts"));
}, 60_000);

afterAll(async () => {
  activate(0);
  await tree.close();
});

test("without a fault the subjects agree", async () => {
  activate(0);
  expect(await agreement(options)).toBeGreaterThan(20_000);
});

test.each(faults.map(({ subject, what }, index) => [`${subject}: ${what}`, index + 1] as const))(
  "caught in the %s",
  async (_, id) => {
    activate(id);
    await expect(agreement(options)).rejects.toThrow(/disagrees with the oracle|differs from a fresh one/);
  },
);
