import { expect, test } from "vitest";
import { PublishPacing, paceFor } from "./publish-pacing.ts";

const pacing = (nodes: number, random = 0.5) =>
  new PublishPacing({ nodes: () => nodes, random: () => random }, 0);

test("one node is quick; five thousand together renew a hundred times a second and change five hundred", () => {
  expect(paceFor(1)).toEqual({ renewalMs: 10_000, gapMs: 200, spreadMs: 1 });
  expect(paceFor(1000)).toEqual({ renewalMs: 10_000, gapMs: 2000, spreadMs: 1000 });
  expect(paceFor(5000)).toEqual({ renewalMs: 50_000, gapMs: 10_000, spreadMs: 1000 });
  expect(paceFor(50_000)).toEqual({ renewalMs: 60_000, gapMs: 100_000, spreadMs: 1000 });
  // Not known yet: all agents of a large cluster may begin at once.
  expect(paceFor(0)).toEqual(paceFor(5000));
});

test("without changes the record is renewed, and holds for four renewals", () => {
  const pace = pacing(5000);
  expect(pace.dueMs).toBe(500);
  pace.written(500);
  expect(pace.dueMs).toBe(50_500);
  expect(pace.validSeconds).toBe(200);
  expect([0, 0.99].map((random) => afterOneWrite(random))).toEqual([9000, 10_980]);
});

test("a change is told within the spread, and one that comes before it is told too", () => {
  const pace = pacing(1000);
  pace.written(0);
  pace.changed(2000);
  expect(pace.dueMs).toBe(2500);
  pace.changed(2400);
  expect(pace.dueMs).toBe(2500);
  pace.written(2500);
  expect(pace.dueMs).toBe(12_500);
});

test("three changes come one after the other, the next at the pace of the cluster; then quiet gives three again", () => {
  const pace = pacing(5000, 0);
  pace.written(0);
  const told: number[] = [];
  for (let now = 0; told.length < 5; ) {
    pace.changed(now);
    now = pace.dueMs;
    told.push(now);
    pace.written(now);
  }
  expect(told).toEqual([0, 0, 0, 10_000, 20_000]);
  pace.changed(60_000);
  expect(pace.dueMs).toBe(60_000);
});

test("a change that waits for its turn does not wait longer than the renewal", () => {
  const pace = pacing(5000, 0);
  for (let index = 0; index < 3; index++) {
    pace.changed(0);
    pace.written(0);
  }
  pace.changed(44_000);
  expect(pace.dueMs).toBe(44_000);
  const slow = pacing(50_000, 0);
  for (let index = 0; index < 4; index++) {
    slow.changed(0);
    slow.written(0);
  }
  slow.changed(1);
  expect(slow.dueMs).toBe(54_000);
});

test("what failed is tried again after the wait, whatever else was due", () => {
  const pace = pacing(1, 0);
  pace.failed(100, 5000);
  expect(pace.dueMs).toBe(5100);
  pace.changed(200);
  expect(pace.dueMs).toBe(5100);
});

function afterOneWrite(random: number): number {
  const pace = pacing(1, random);
  pace.written(0);
  return pace.dueMs;
}
