import { expect, test } from "vitest";
import { agreement } from "../agreement.ts";

const runs = Number(process.env.MUTATION_RUNS ?? 80);

test("oracle, engine, program and ruleset agree", async () => {
  expect(await agreement({ seed: 20_261_123, runs })).toBeGreaterThan(runs * 100);
});
