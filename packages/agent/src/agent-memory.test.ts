import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { releaseMemory } from "./agent-memory.ts";

test("collects what nobody holds any more, when the heap is large", async () => {
  const gone = new WeakRef(Array.from({ length: 1000 }, (_, index) => ({ index })));
  // What a WeakRef was made of lives until the end of its job.
  await setImmediate();
  expect(releaseMemory(1)).toBe(false);
  expect(releaseMemory(2 ** 40)).toBe(true);
  await setImmediate();
  expect(gone.deref()).toBeUndefined();
});
