import { expect, test } from "vitest";
import { asked, followed, inBackground, type Pace, pauseAfter, seldom } from "./pace.ts";

test("work that takes long is done less often, the more so when nobody waits for it", () => {
  const pauses = (pace: Pace) => [0, 20, 500, 1_000, 3_000, 30_000].map((ms) => pauseAfter(ms, pace));
  const background = { ...inBackground, everyMs: 10_000 };
  expect(pauses(background)).toEqual([10_000, 10_000, 10_000, 19_000, 57_000, 60_000]);
  expect(pauses(followed)).toEqual([1_000, 1_000, 1_500, 3_000, 9_000, 10_000]);
  expect(pauses(asked)).toEqual([0, 60, 1_500, 3_000, 9_000, 10_000]);
  expect(pauseAfter(30_000, { ...inBackground, everyMs: 90_000 })).toBe(90_000);
});

test("what is cheap is computed each time, what is dear is remembered for a while", () => {
  let nowMs = 0;
  let costMs = 0;
  let computed = 0;
  const value = seldom(
    () => {
      nowMs += costMs;
      computed += 1;
      return computed;
    },
    () => nowMs,
  );
  expect([value(), value()]).toEqual([1, 2]);
  costMs = 40;
  expect(value()).toBe(3);
  nowMs += 99 * 40 - 1;
  expect(value()).toBe(3);
  nowMs += 1;
  expect(value()).toBe(4);
});
