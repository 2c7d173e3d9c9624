import { beforeEach, expect, test } from "vitest";
import { OwnWrites } from "./own-writes.ts";

let nowMs: number;
let own: OwnWrites;

beforeEach(() => {
  nowMs = 1_000;
  own = new OwnWrites(() => nowMs);
});

test("as many transactions are ours as we have written, whether they are heard of before or after their end", () => {
  const first = own.begin();
  expect(own.heard()).toBe(true);
  expect(first("committed")).toBe(false);
  own.begin()("committed");
  own.begin()("committed");
  expect([own.heard(), own.heard(), own.heard()]).toEqual([true, true, false]);
});

test("what was refused is nobody's; one of others' that was taken for it is told at its end", () => {
  expect(own.begin()("refused")).toBe(false);
  expect(own.heard()).toBe(false);
  const end = own.begin();
  expect(own.heard()).toBe(true);
  expect(end("refused")).toBe(true);
});

test("what is not heard of in time does not hide what others write later", () => {
  own.begin()("unknown");
  own.begin()("committed");
  nowMs += 30_001;
  expect(own.heard()).toBe(false);
  const slow = own.begin();
  nowMs += 60_000;
  expect(own.heard()).toBe(true);
  expect(slow("committed")).toBe(false);
});

test("what ended while nobody listened is not waited for", () => {
  own.begin()("committed");
  const running = own.begin();
  own.forget();
  expect([own.heard(), own.heard()]).toEqual([true, false]);
  expect(running("committed")).toBe(false);
});

test("it is quiet when nothing of ours is, or has just been, on its way", () => {
  expect(own.isQuiet).toBe(true);
  const end = own.begin();
  expect(own.isQuiet).toBe(false);
  end("committed");
  nowMs += 5_000;
  expect(own.isQuiet).toBe(false);
  nowMs += 1;
  expect(own.isQuiet).toBe(true);
});
