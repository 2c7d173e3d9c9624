import fc from "fast-check";
import { expect, test } from "vitest";
import { run } from "../run.ts";
import { engineSubject } from "../subjects/engine.ts";
import { fakeSubject } from "../subjects/fake.ts";
import { randomCase } from "./random-case.ts";
import { withTruth } from "./with-truth.ts";

const seed = Number(process.env.PORTCULLIS_SEED ?? 20_261_123);
const numRuns = Number(process.env.PORTCULLIS_RUNS ?? 100);

test(`random clusters of API objects under random changes: engine and ruleset agree with the oracle (seed ${seed})`, async () => {
  let [steps, cells, denied] = [0, 0, 0];
  await fc.assert(
    fc.asyncProperty(randomCase(5), async (random) => {
      const one = await withTruth(random);
      denied += one.steps.reduce((sum, { table }) => sum + table.length, 0);
      for (const subject of [engineSubject, fakeSubject]) {
        const result = await run(subject, [one]);
        steps += result.steps;
        cells += result.cells;
        if (result.wrong.length > 0) throw new Error(result.wrong.slice(0, 3).join("\n"));
      }
    }),
    { seed, numRuns },
  );
  console.log(
    `random cases: ${numRuns} cases, ${steps} steps, ${cells} cells, ${denied} lines of denials (PORTCULLIS_SEED=${seed})`,
  );
  expect(steps).toBeGreaterThan(numRuns * 2);
  // The tables must say something: 25 pairs, two ports and two families can be denied in a step.
  expect(denied / steps).toBeGreaterThan(5);
  expect(denied / steps).toBeLessThan(60);
}, 3_600_000);
