import { expect, test } from "vitest";
import { eventually } from "./eventually.testing.ts";
import { Poller } from "./poller.ts";

const turn = () => new Promise((resolve) => setImmediate(resolve));

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
  await eventually(() => runs).toBeGreaterThan(3);
  await Promise.all([poller.run(), poller.run(), poller.close()]);
  expect([running, most]).toEqual([0, 1]);
  const before = runs;
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(runs).toBe(before);
});

test("who wants to know gets a run that began after the question, with others who ask meanwhile", async () => {
  const { poller, seen, end } = setUp();
  const none = () => 0;
  const first = poller.fresh(none, 0);
  await turn();
  // The first run has begun: it may have read already.
  const later = [poller.fresh(none, 0), poller.fresh(none, 0)];
  await end(10);
  await first;
  expect(seen.runs).toBe(2);
  await end(10);
  await Promise.all(later);
  expect([seen.runs, seen.mostAtOnce]).toEqual([2, 1]);
});

test("runs that are asked for keep a pause; who has no patience for it gets none", async () => {
  const { poller, clock, seen, end } = setUp();
  const pauseMs = (tookMs: number) => 10 * tookMs;
  const first = poller.fresh(pauseMs, 0);
  await end(100);
  await first;
  await poller.fresh(pauseMs, 999);
  expect(seen.runs).toBe(1);
  clock.nowMs += 999;
  // A millisecond is to wait.
  const second = poller.fresh(pauseMs, 1);
  await eventually(() => seen.runs).toBe(2);
  await end(1);
  await second;
});

test("a pause is cut short when there is a reason to hurry", async () => {
  const { poller, seen, end } = setUp(() => 3_600_000);
  poller.start();
  await end(0);
  expect(seen.runs).toBe(1);
  poller.hurry(() => 0);
  await eventually(() => seen.runs).toBe(2);
  // During a run there is nothing to cut short.
  poller.hurry(() => 0);
  await end(0);
  await poller.close();
  expect([seen.runs, seen.mostAtOnce]).toEqual([2, 1]);
});
