import { expect, test } from "vitest";
import { simulateLoad, type Workload } from "./cluster-load.testing.ts";

// The table of docs/agent/in-force.md comes from these, over three minutes.

const cluster = { nodes: 5000, seconds: 40, settleSeconds: 20 };
const load = (changesPerSecond: number, nodesPerChange: number, more: Partial<Workload> = {}) =>
  simulateLoad({ ...cluster, changesPerSecond, nodesPerChange, ...more });

test("five thousand nodes at rest write a hundred times a second", () => {
  const { writesPerSecond } = load(0, 0);
  expect(writesPerSecond).toBeGreaterThan(80);
  expect(writesPerSecond).toBeLessThan(120);
});

test("ten policies a second that select pods of thirteen nodes each add less than themselves, told within a second", () => {
  const { writesPerSecond, p99 } = load(10, 13);
  expect(writesPerSecond).toBeLessThan(120 + 130);
  expect(p99).toBeLessThanOrEqual(1.01);
});

test("whatever happens on all of them, they write no more than five hundred times a second", () => {
  const { writesPerSecond, p99 } = load(2, 5000);
  expect(writesPerSecond).toBeLessThan(520);
  expect(p99).toBeLessThan(12);
});

test("a single node tells a change at once, and five a second of many", () => {
  const one = { nodes: 1, seconds: 60, settleSeconds: 10 };
  expect(load(0.1, 1, one)).toMatchObject({ median: 0.01, p99: 0.01 });
  expect(load(50, 1, one).writesPerSecond).toBe(5);
});
