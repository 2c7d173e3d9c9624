import { expect, test } from "vitest";
import { formatReport } from "./format-report.ts";
import { pairedRatio, ratioToMedian } from "./report.ts";
import { percentile } from "./statistics.ts";

test("a percentile lies between its neighbours, in any order of the values", () => {
  expect(percentile([4, 1, 3, 2], 0.5)).toBe(2.5);
  expect(percentile([10, 0], 0.99)).toBeCloseTo(9.9);
  expect(percentile([7], 0.99)).toBe(7);
  expect(percentile([], 0.5)).toBeNaN();
});

test("what disturbs a slice and its baseline alike does not change their ratio", () => {
  expect(pairedRatio([2, 20, 2], [1, 10, 1])).toEqual({ median: 2, p99: 2, min: 2, max: 2, count: 3 });
});

test("a tail is held against the baseline's median", () => {
  const { median, max } = ratioToMedian([2, 2, 8], [1, 2, 100]);
  expect([median, max]).toEqual([1, 4]);
});

test("growth compares with the next smaller size of the same subject and baseline", () => {
  const at = (pods: number, ratio: number, value: number) => ({
    subject: "load",
    pods,
    baseline: { name: "copy", value, unit: "ms" as const },
    ratio: pairedRatio([ratio], [1]),
  });
  const text = formatReport({
    benchmark: "b",
    notes: [],
    measurements: [at(10, 2, 1), at(1000, 3, 4), at(100, 2, 3)],
  });
  const growth = text
    .split("\n")
    .filter((line) => line.startsWith("| load"))
    .map((line) => line.split("|").at(-2)?.trim());
  expect(growth).toEqual(["", "2×", "3×"]);
});
