import type { FlowRecord } from "@portcullis/engine";
import { flowEnd, flowRecord } from "@portcullis/engine/testing";
import { beforeEach, expect, test } from "vitest";
import { FlowDigest } from "./flow-digest.ts";

let passed: FlowRecord[];
beforeEach(() => {
  passed = [];
});
const digestOf = (most?: number) => new FlowDigest((record) => passed.push(record), most);

function record(port: number, second: number, count = 1): FlowRecord {
  const time = (s: number) => `2026-01-01T00:00:${String(s).padStart(2, "0")}Z`;
  const times = { from: time(second), to: time(second + 1) };
  return flowRecord(flowEnd("10.0.0.1"), flowEnd("10.0.0.2"), port, { verdict: "denied", count, ...times });
}

test("the first of a flow passes at once, the others as a sum", () => {
  const digest = digestOf();
  for (let second = 0; second < 6; second += 1) digest.add(record(80, second, second + 1));
  digest.add(record(81, 0));
  expect(passed).toEqual([record(80, 0, 1), record(81, 0)]);
  digest.flush();
  expect(passed.slice(2)).toEqual([{ ...record(80, 5, 20), from: record(80, 1).from }]);
  // Still the same flow, which is known.
  digest.add(record(80, 7));
  expect(passed).toHaveLength(3);
  digest.flush();
  expect(passed).toHaveLength(4);
});

test("a flow of which nothing came for a while is new when it comes again", () => {
  const digest = digestOf();
  digest.add(record(80, 0));
  digest.flush();
  digest.add(record(80, 1));
  expect(passed).toHaveLength(2);
});

test("beyond its bound nothing is kept, and nothing is lost", () => {
  const digest = digestOf(2);
  for (let port = 1; port <= 5; port += 1) digest.add(record(port, 0));
  for (let port = 1; port <= 5; port += 1) digest.add(record(port, 1));
  expect(passed).toHaveLength(8);
  digest.flush();
  expect(passed.reduce((sum, { count }) => sum + count, 0)).toBe(10);
});
