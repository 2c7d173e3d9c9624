import { expect, test } from "vitest";
import { interruptAll, interruptible, unlessAborted } from "./interrupt.ts";

const listeners = () => process.listenerCount("SIGINT") + process.listenerCount("SIGTERM");

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s ends the work with code %i, after its cleaning up", async (name, code) => {
  const before = listeners();
  let cleaned = false;
  const work = interruptible(async (signal) => {
    try {
      await unlessAborted(signal, new Promise(() => {}));
    } finally {
      await new Promise((resolve) => setTimeout(resolve, 10));
      cleaned = true;
    }
  });
  process.emit(name);
  process.emit(name);
  await expect(work).rejects.toMatchObject({ name: "Interrupted", exitCode: code });
  expect(cleaned).toBe(true);
  expect(listeners()).toBe(before);
});

test("what fails after the signal fails because of it; what fails before it is itself", async () => {
  const work = interruptible(async () => {
    process.emit("SIGINT");
    throw new Error("broken pipe");
  });
  await expect(work).rejects.toMatchObject({ name: "Interrupted" });
  await expect(interruptible(() => Promise.reject(new Error("own")))).rejects.toThrow("own");
});

test("work that is not interrupted gives its result", async () => {
  expect(await interruptible((signal) => unlessAborted(signal, Promise.resolve(7)))).toBe(7);
});

test("interruptAll ends what runs, and says whether anything did", async () => {
  expect(interruptAll(141)).toBe(false);
  const work = interruptible((signal) => unlessAborted(signal, new Promise(() => {})));
  expect(interruptAll(141)).toBe(true);
  await expect(work).rejects.toMatchObject({ exitCode: 141 });
});
