import { expect, test } from "vitest";
import { formatAge } from "./age.ts";

const now = Date.parse("2026-11-23T12:00:00Z");

test.each([
  [0, "0s"],
  [119, "119s"],
  [120, "2m"],
  [185, "3m5s"],
  [600, "10m"],
  [3 * 3600, "3h"],
  [47 * 3600, "47h"],
  [48 * 3600, "2d"],
  [-5, "0s"],
])("%i seconds are %s", (seconds, text) => {
  expect(formatAge(new Date(now - seconds * 1000).toISOString(), now)).toBe(text);
});

test("no time is no age", () => {
  expect(formatAge(undefined, now)).toBe("<unknown>");
});
