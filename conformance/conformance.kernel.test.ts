import { afterAll, beforeAll, expect, test } from "vitest";
import { cases } from "./cases/index.ts";
import { resultsText } from "./report.ts";
import { run } from "./run.ts";
import { KernelSubject } from "./subjects/kernel.ts";

let kernel: KernelSubject;

beforeAll(async () => {
  kernel = await KernelSubject.start(`conformance-cases-${process.pid}`);
});

afterAll(() => kernel?.stop());

test("the kernel gives the tables of all cases, with real packets", async () => {
  const skip = [
    {
      case: "reuse:",
      reason: "a sandbox hands an address out again only when all 64,000 others were in use",
    },
  ];
  const result = await run(kernel, cases, { skip });
  console.log(resultsText([result]));
  expect(result.wrong).toEqual([]);
  expect(result.cells).toBeGreaterThan(40_000);
}, 400_000);
