import { expect, test } from "vitest";
import { MemoryIo } from "./memory-io.testing.ts";
import { progressLine } from "./progress.ts";

function at(terminal: boolean) {
  const io = new MemoryIo();
  const clock = { now: 0 };
  return { io, clock, progress: progressLine(io, terminal, () => clock.now) };
}

test("nothing within the first second, and nothing to clear then", () => {
  const { io, clock, progress } = at(true);
  clock.now = 999;
  progress.show("1 of 2");
  progress.end();
  expect(io.stderr).toBe("");
});

test("then one line that changes in place, ten times a second at most, and goes in the end", () => {
  const { io, clock, progress } = at(true);
  for (clock.now = 1000; clock.now < 1200; clock.now += 50) progress.show(`${clock.now}`);
  progress.end();
  progress.end();
  expect(io.stderr).toBe("\r\u001b[K1000\r\u001b[K1100\r\u001b[K");
});

test("never off a terminal", () => {
  const { io, clock, progress } = at(false);
  clock.now = 60_000;
  progress.show("1 of 2");
  progress.end();
  expect(io.stderr).toBe("");
});
