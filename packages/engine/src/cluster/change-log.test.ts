import { expect, test } from "vitest";
import { ChangeLog } from "./change-log.ts";

test("tells what changed after a moment, the latest first", () => {
  const log = new ChangeLog<string>(10);
  log.note("a", 11);
  log.note("b", 12);
  log.note("a", 13);
  expect(log.since(13)).toEqual([]);
  expect(log.since(11)).toEqual(["a", "b"]);
  expect(log.since(10)).toEqual(["a", "b", "a"]);
});

test("knows nothing of the time before it began", () => {
  expect(new ChangeLog<string>(10).since(9)).toBeUndefined();
  expect(new ChangeLog<string>(10).since(10)).toEqual([]);
});

test("forgets old changes and says so, but always remembers 64", () => {
  const log = new ChangeLog<number>(0);
  for (let moment = 1; moment <= 1000; moment++) {
    log.note(moment, moment);
    expect(log.since(Math.max(0, moment - 64))).toHaveLength(Math.min(moment, 64));
  }
  expect(log.since(0)).toBeUndefined();
  expect(log.since(800)).toBeUndefined();
});
