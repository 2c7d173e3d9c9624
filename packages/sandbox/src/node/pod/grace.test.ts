import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Grace } from "./grace.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("it is over after its time, at once when there is none, and never when cancelled", () => {
  expect(new Grace(0).over.aborted).toBe(true);
  const grace = new Grace(30_000);
  const cancelled = new Grace(30_000);
  cancelled.cancel();
  vi.advanceTimersByTime(29_999);
  expect(grace.over.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect([grace.over.aborted, cancelled.over.aborted]).toEqual([true, false]);
});

test("it can be shortened, and not prolonged", () => {
  const grace = new Grace(30_000);
  vi.advanceTimersByTime(5_000);
  grace.shorten(60_000);
  grace.shorten(2_000);
  grace.shorten(10_000);
  vi.advanceTimersByTime(1_999);
  expect(grace.over.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(grace.over.aborted).toBe(true);
});
