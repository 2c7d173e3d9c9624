import { expect, test } from "vitest";
import { Poller, pauseAfter } from "./poller.ts";

test("a task runs again after a pause, never twice at a time, and not after the end", async () => {
  let running = 0;
  let most = 0;
  let runs = 0;
  const poller = new Poller(async () => {
    runs += 1;
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 2));
    running -= 1;
  }, 1);
  poller.start();
  await expect.poll(() => runs).toBeGreaterThan(3);
  await poller.close();
  expect([running, most]).toEqual([0, 1]);
  const before = runs;
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(runs).toBe(before);
});

test("a task that takes long is run less often, but at least once a minute", () => {
  expect(pauseAfter(0, 10_000)).toBe(10_000);
  expect(pauseAfter(500, 10_000)).toBe(10_000);
  expect(pauseAfter(1_000, 10_000)).toBe(19_000);
  expect(pauseAfter(30_000, 10_000)).toBe(60_000);
  expect(pauseAfter(30_000, 90_000)).toBe(90_000);
});
