import fc from "fast-check";
import { expect, test } from "vitest";
import { continued, type Effect, logLength, sinceOf, withEffect } from "./revision-log.ts";

const at = (revision: number, sinceMs: number): Effect => ({ revision: String(revision), sinceMs });
const logOf = (...effects: readonly Effect[]) => effects.reduce(withEffect, [] as readonly Effect[]);

test("a version is in force since the first revision that is not older", () => {
  const log = logOf(at(10, 1000), at(20, 2000));
  expect(["5", "10", "11", "20", "21"].map((version) => sinceOf(log, version))).toEqual([
    1000,
    1000,
    2000,
    2000,
    undefined,
  ]);
  expect(sinceOf([], "1")).toBeUndefined();
});

test("a revision that was told keeps its time", () => {
  expect(logOf(at(10, 1000), at(10, 9000))).toEqual([at(10, 1000)]);
});

test("revisions are compared as numbers, and those of a server that began anew replace all", () => {
  expect(logOf(at(9, 1), at(10, 2))).toHaveLength(2);
  expect(logOf(at(9, 1), at(10, 2), at(3, 3))).toEqual([at(3, 3)]);
});

test("a clock that was set back makes no effect the earlier one", () => {
  expect(logOf(at(1, 5000), at(2, 1000))).toEqual([at(1, 5000), at(2, 5000)]);
});

test("what an agent before this one brought into force stays in force since then", () => {
  const former = logOf(at(10, 1000), at(20, 2000));
  expect(sinceOf(continued(former, logOf(at(20, 9000))), "15")).toBe(2000);
  expect(sinceOf(continued(former, logOf(at(30, 9000))), "25")).toBe(9000);
  expect(continued(former, logOf(at(3, 9000)))).toEqual([at(3, 9000)]);
});

test("a long history is told in few entries: never too early, what is new exactly", () => {
  const steps = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(steps, (gaps) => {
      const timeOf = (index: number) => gaps.slice(0, index + 1).reduce((sum, gap) => sum + gap, 0);
      const truth: Effect[] = gaps.map((_, index) => at(index + 1, timeOf(index)));
      const log = logOf(...truth);
      expect(log.length).toBeLessThanOrEqual(logLength);
      for (const { revision, sinceMs } of truth) {
        const told = sinceOf(log, revision)!;
        expect(told).toBeGreaterThanOrEqual(sinceMs);
      }
      const newest = truth.at(-1)!;
      expect(sinceOf(log, newest.revision)).toBe(newest.sinceMs);
    }),
  );
});

test("of ten thousand changes, one a second, every age is told as at least two fifths of what it is", () => {
  const truth = Array.from({ length: 10_000 }, (_, index) => at(index + 1, index * 1000));
  const log = logOf(...truth);
  const now = truth.at(-1)!.sinceMs;
  const shares = truth
    .slice(0, -1)
    .map(({ revision, sinceMs }) => (now - sinceOf(log, revision)!) / (now - sinceMs));
  expect(Math.min(...shares)).toBeGreaterThan(0.4);
  expect(sinceOf(log, "1")).toBe(0);
});
