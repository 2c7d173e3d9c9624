import fc from "fast-check";
import { expect, test } from "vitest";
import { randomCase } from "./random-case.ts";
import { shrink } from "./shrink.ts";

test("a failure is reduced to the one change that it needs", async () => {
  const [big] = fc.sample(
    randomCase(8).filter(({ steps }) =>
      steps.some(({ changes }) => changes.some(({ kind }) => kind === "label")),
    ),
    { seed: 1, numRuns: 1 },
  );
  const relabels = (one: typeof big) =>
    one!.steps.some(({ changes }) => changes.some(({ kind }) => kind === "label"));
  const small = await shrink(big!, async (one) => relabels(one), 200);
  expect(small.steps.flatMap(({ changes }) => changes.map(({ kind }) => kind))).toEqual(["label"]);
});

test("what cannot be reduced stays as it is", async () => {
  const [big] = fc.sample(randomCase(4), { seed: 1, numRuns: 1 });
  expect(await shrink(big!, async () => false)).toEqual(big);
});
