import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { resultsText } from "../report.ts";
import { run } from "../run.ts";
import { KernelSubject } from "../subjects/kernel.ts";
import { randomCase } from "./random-case.ts";
import { shrink } from "./shrink.ts";
import { withTruth } from "./with-truth.ts";

const seed = Number(process.env.PORTCULLIS_SEED ?? 20_261_123);
/** Cases; each has a dozen steps or so. */
const numRuns = Number(process.env.PORTCULLIS_KERNEL_RUNS ?? 36);
const stepsAtMost = 12;

let kernel: KernelSubject;

beforeAll(async () => {
  kernel = await KernelSubject.start(`conformance-random-${process.pid}`);
});

afterAll(() => kernel?.stop());

test(`random clusters under random changes: the kernel agrees with the oracle (seed ${seed})`, async () => {
  const random = fc.sample(randomCase(stepsAtMost), { seed, numRuns });
  const cases = await Promise.all(
    random.map(async (one, index) => ({ ...(await withTruth(one)), name: `random ${index}` })),
  );
  const result = await run(kernel, cases);
  console.log(`PORTCULLIS_SEED=${seed}\n${resultsText([result])}`);
  const failing = cases.find(({ name }) => result.wrong.some((line) => line.includes(`: ${name}: `)));
  if (failing !== undefined) {
    const wrong = async (one: typeof failing) => (await run(kernel, [await withTruth(one)])).wrong;
    const small = await shrink(failing, async (one) => (await wrong(one)).length > 0);
    const lines = (await wrong(small)).slice(0, 5).join("\n");
    throw new Error(`${result.wrong.slice(0, 5).join("\n")}\nreduced:\n${JSON.stringify(small)}\n${lines}`);
  }
  expect(result.wrong).toEqual([]);
  expect(result.steps).toBeGreaterThan(numRuns * 4);
}, 3_600_000);
