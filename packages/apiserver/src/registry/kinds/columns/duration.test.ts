import { expect, it } from "vitest";
import { humanDuration, since } from "./duration.ts";

const second = 1;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

// The boundaries of apimachinery's HumanDuration.
it.each([
  [-5, "<invalid>"],
  [-1, "0s"],
  [0, "0s"],
  [119, "119s"],
  [2 * minute, "2m"],
  [2 * minute + 30, "2m30s"],
  [10 * minute - 1, "9m59s"],
  [10 * minute + 30, "10m"],
  [3 * hour - 1, "179m"],
  [3 * hour, "3h"],
  [4 * hour + 12 * minute, "4h12m"],
  [8 * hour - minute, "7h59m"],
  [8 * hour + minute, "8h"],
  [48 * hour - 1, "47h"],
  [2 * day, "2d"],
  [2 * day + 5 * hour, "2d5h"],
  [8 * day - hour, "7d23h"],
  [8 * day + hour, "8d"],
  [2 * year - day, "729d"],
  [2 * year, "2y"],
  [3 * year + 19 * day, "3y19d"],
  [8 * year + 19 * day, "8y"],
])("%d s is %s", (seconds, text) => {
  expect(humanDuration(seconds * 1000)).toBe(text);
});

it("a time that is not known has no age", () => {
  const now = new Date("2026-01-02T03:04:05Z");
  expect(since(undefined, now)).toBe("<unknown>");
  expect(since("2026-01-02T03:04:00Z", now)).toBe("5s");
  expect(since("2026-01-02T03:03:05.123456Z", now)).toBe("59s");
});
