import { expect, test } from "vitest";
import { Poller } from "./poller.ts";

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
