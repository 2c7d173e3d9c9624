import { expect, test } from "vitest";
import { asked, followed, inBackground, type Pace, pauseAfter } from "./pace.ts";

test("work that takes long is done less often, the more so when nobody waits for it", () => {
  const pauses = (pace: Pace) => [0, 20, 500, 1_000, 3_000, 30_000].map((ms) => pauseAfter(ms, pace));
  const background = { ...inBackground, everyMs: 10_000 };
  expect(pauses(background)).toEqual([10_000, 10_000, 10_000, 19_000, 57_000, 60_000]);
  expect(pauses(followed)).toEqual([1_000, 1_000, 1_500, 3_000, 9_000, 10_000]);
  expect(pauses(asked)).toEqual([0, 60, 1_500, 3_000, 9_000, 10_000]);
  expect(pauseAfter(30_000, { ...inBackground, everyMs: 90_000 })).toBe(90_000);
});
