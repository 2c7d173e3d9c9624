import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { faults, mutantOf } from "./faults.ts";
import { activate } from "./mutant.ts";
import { MutatedTree } from "./mutated-tree.ts";

// Every fault has to be caught twice: by the comparison of all subjects on random clusters, and by the truth tables that
// people wrote, in the subject that has the fault.

const settings = { seed: 20_261_123, runs: 120 };
let tree: MutatedTree;
let agreement: typeof import("./agreement.ts").agreement;
let firstWrongCell: typeof import("./tables.ts").firstWrongCell;

beforeAll(async () => {
  tree = await MutatedTree.open(faults.map((fault, index) => mutantOf(fault, index + 1)));
  ({ agreement } = await tree.import<typeof import("./agreement.ts")>("conformance/mutation/agreement.ts"));
  ({ firstWrongCell } = await tree.import<typeof import("./tables.ts")>("conformance/mutation/tables.ts"));
}, 60_000);

afterEach(() => activate(0));

afterAll(() => tree?.close());

test("without a fault the subjects agree", async () => {
  expect(await agreement(settings)).toBeGreaterThan(30_000);
});

test.each(faults.map((fault, index) => [`${fault.subject}: ${fault.what}`, fault, index + 1] as const))(
  "caught in the %s",
  async (_, { subject }, id) => {
    activate(id);
    await expect(agreement(settings)).rejects.toThrow(/disagrees with the oracle|differs from a fresh one/);
    const asked = subject === "oracle" || subject === "engine" ? subject : "ruleset";
    expect(await firstWrongCell(asked)).toMatch(/ should be: /);
  },
);
