import { expect, test } from "vitest";
import { nextTime, parseSchedule } from "./schedule.ts";

const next = (schedule: string, after: string, zone?: string) => {
  const time = nextTime(parseSchedule(schedule)!, Date.parse(after), zone);
  return time === undefined ? undefined : new Date(time).toISOString().slice(0, 16);
};

// 2026-01-01 is a Thursday.
test.each([
  ["* * * * *", "2026-01-01T00:00:00Z", "2026-01-01T00:01"],
  ["*/15 * * * *", "2026-01-01T00:14:59Z", "2026-01-01T00:15"],
  ["5/20 * * * *", "2026-01-01T00:26:00Z", "2026-01-01T00:45"],
  ["30 2 * * *", "2026-01-01T02:30:00Z", "2026-01-02T02:30"],
  ["0 0 * * MON-FRI", "2026-01-02T12:00:00Z", "2026-01-05T00:00"],
  ["0 0 * * 7", "2026-01-01T00:00:00Z", "2026-01-04T00:00"],
  ["0 0 13 * 5", "2026-01-03T00:00:00Z", "2026-01-09T00:00"],
  ["0 0 13 * *", "2026-01-03T00:00:00Z", "2026-01-13T00:00"],
  ["0 0 29 feb *", "2026-01-01T00:00:00Z", "2028-02-29T00:00"],
  ["@weekly", "2026-01-01T00:00:00Z", "2026-01-04T00:00"],
  ["@hourly", "2026-01-01T00:00:00Z", "2026-01-01T01:00"],
  ["0,30 8-9 * * *", "2026-01-01T08:30:00Z", "2026-01-01T09:00"],
])("%s after %s is %s", (schedule, after, expected) => {
  expect(next(schedule, after)).toBe(expected);
});

test("times are those of the zone, in summer as in winter", () => {
  expect(next("0 9 * * *", "2026-01-01T00:00:00Z", "Europe/Berlin")).toBe("2026-01-01T08:00");
  expect(next("0 9 * * *", "2026-07-01T00:00:00Z", "Europe/Berlin")).toBe("2026-07-01T07:00");
});

test("a day that never comes", () => {
  expect(next("0 0 31 2 *", "2026-01-01T00:00:00Z")).toBeUndefined();
});

test.each([
  "",
  "* * * *",
  "60 * * * *",
  "* 24 * * *",
  "* * 0 * *",
  "* * * 13 *",
  "* * * * 8",
  "5-1 * * * *",
  "*/0 * * * *",
  "a * * * *",
  "1-2-3 * * * *",
  "1/2/3 * * * *",
  "@never",
])("%j is no schedule", (text) => {
  expect(parseSchedule(text)).toBeUndefined();
});
