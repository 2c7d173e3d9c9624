import { expect, test } from "vitest";
import { Poller, pauseAfter } from "./poller.ts";

/** A task whose runs end when they are told to, under a clock of the test's own. */
function setUp(pauseMs: () => number = () => 10_000) {
  const clock = { nowMs: 0 };
  const ends: (() => void)[] = [];
  const seen = { runs: 0, at: 0, mostAtOnce: 0 };
  const poller = new Poller({
    task: async () => {
      seen.runs += 1;
      seen.at += 1;
      seen.mostAtOnce = Math.max(seen.mostAtOnce, seen.at);
      await new Promise<void>((resolve) => ends.push(resolve));
      seen.at -= 1;
    },
    pauseMs,
    nowMs: () => clock.nowMs,
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const end = async (tookMs: number) => {
    await turn();
    clock.nowMs += tookMs;
    ends.shift()?.();
    await turn();
  };
  return { poller, clock, seen, end };
}

test("a task runs again after a pause, never twice at a time, and not after the end", async () => {
  let running = 0;
  let most = 0;
  let runs = 0;
  const task = async () => {
    runs += 1;
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 1));
    running -= 1;
  };
  // Whose clock stands still takes no time.
  const poller = new Poller({ task, pauseMs: () => 1, nowMs: () => 0 });
  poller.start();
  await expect.poll(() => runs).toBeGreaterThan(3);
  await Promise.all([poller.run(), poller.run(), poller.close()]);
  expect([running, most]).toEqual([0, 1]);
  const before = runs;
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(runs).toBe(before);
});

test("who wants to know gets the present run, or the last one while it is fresh, or a run of its own", async () => {
  const { poller, clock, seen, end } = setUp();
  const first = poller.fresh(1_000);
  const second = poller.fresh(1_000);
  await end(10);
  await Promise.all([first, second]);
  expect(seen.runs).toBe(1);
  clock.nowMs += 999;
  await poller.fresh(1_000);
  expect(seen.runs).toBe(1);
  clock.nowMs += 1;
  const third = poller.fresh(1_000);
  await end(2_000);
  await third;
  expect(seen.runs).toBe(2);
  // It took two seconds: now nobody makes it run for 38.
  clock.nowMs += 37_999;
  await poller.fresh(1_000);
  expect(seen.runs).toBe(2);
  clock.nowMs += 1;
  const fourth = poller.fresh(1_000);
  await end(1);
  await fourth;
  expect([seen.runs, seen.mostAtOnce]).toEqual([3, 1]);
});

test("a pause that has become shorter is cut short", async () => {
  let pauseMs = 3_600_000;
  const { poller, seen, end } = setUp(() => pauseMs);
  poller.start();
  await end(0);
  expect(seen.runs).toBe(1);
  pauseMs = 0;
  poller.hurry();
  await expect.poll(() => seen.runs).toBe(2);
  // During a run there is nothing to cut short.
  poller.hurry();
  pauseMs = 3_600_000;
  await end(0);
  await poller.close();
  expect([seen.runs, seen.mostAtOnce]).toEqual([2, 1]);
});

test("a task that takes long is run less often, but at least once a minute", () => {
  expect(pauseAfter(0, 10_000)).toBe(10_000);
  expect(pauseAfter(500, 10_000)).toBe(10_000);
  expect(pauseAfter(1_000, 10_000)).toBe(19_000);
  expect(pauseAfter(30_000, 10_000)).toBe(60_000);
  expect(pauseAfter(30_000, 90_000)).toBe(90_000);
});
