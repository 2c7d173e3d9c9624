import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PacedTask } from "./paced-task.ts";

let tookMs: number;
let began: number[];
let task: PacedTask;

beforeEach(() => {
  vi.useFakeTimers();
  began = [];
  task = new PacedTask(async () => {
    began.push(Date.now());
    await new Promise((resolve) => setTimeout(resolve, tookMs));
  });
});

afterEach(() => {
  vi.useRealTimers();
});

test("runs at once, and once for all that is asked until it begins", async () => {
  tookMs = 20;
  const startMs = Date.now();
  for (let i = 0; i < 5; i += 1) task.request();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(began).toEqual([startMs]);
});

test("who asks while it runs gets another run", async () => {
  tookMs = 20;
  const startMs = Date.now();
  task.request();
  await vi.advanceTimersByTimeAsync(10);
  task.request();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(began).toEqual([startMs, startMs + 70]);
});

test.each([
  [0, 1_200],
  [20, 525],
  [100, 105],
  [2_000, 16],
])("asked for all the time, a task of %i ms runs some %i times in a minute", async (takes, times) => {
  tookMs = takes;
  for (let ms = 0; ms < 60_000; ms += 10) {
    task.request();
    await vi.advanceTimersByTimeAsync(10);
  }
  expect(began.length).toBeGreaterThan(times * 0.9);
  expect(began.length).toBeLessThan(times * 1.1);
  // The last request is not forgotten.
  const { length } = began;
  task.request();
  await vi.advanceTimersByTimeAsync(8_000);
  expect(began.length).toBe(length + 1);
});

test("after a while of quiet it may take as much at once as in the beginning", async () => {
  tookMs = 1_000;
  const inOneGo = async () => {
    const { length } = began;
    for (let ms = 0; ms < 5_000; ms += 10) {
      task.request();
      await vi.advanceTimersByTimeAsync(10);
    }
    return began.length - length;
  };
  const first = await inOneGo();
  expect(await inOneGo()).toBeLessThan(first);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await inOneGo()).toBe(first);
});

test("nothing runs after its end", async () => {
  tookMs = 20;
  task.request();
  await vi.advanceTimersByTimeAsync(10);
  task.request();
  const stopped = task.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  await stopped;
  task.request();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(began).toHaveLength(1);
});
