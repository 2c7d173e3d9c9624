import { ApiError } from "@portcullis/kube";
import { expect, test, vi } from "vitest";
import { WorkQueue } from "./work-queue.ts";

const turn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

/** A queue whose work is ended by hand. */
function manual(concurrency: number) {
  const running: { readonly key: string; readonly end: (error?: Error) => void }[] = [];
  const log: string[] = [];
  const sync = (key: string) =>
    new Promise<void>((resolve, reject) => {
      running.push({ key, end: (error) => (error === undefined ? resolve() : reject(error)) });
    });
  const queue = new WorkQueue("test", sync, { concurrency, log: (line) => log.push(line) });
  return { queue, running, log, keys: () => running.map(({ key }) => key) };
}

test("what is asked for many times is done once, and once more when asked for meanwhile; never twice at a time", async () => {
  const { queue, running, keys } = manual(4);
  queue.add("a");
  queue.add("a");
  await turn();
  expect(keys()).toEqual([]);
  queue.start();
  expect(keys()).toEqual(["a"]);
  queue.add("a");
  queue.add("a");
  await turn();
  expect(keys()).toEqual(["a"]);
  running[0]!.end();
  await turn();
  expect(keys()).toEqual(["a", "a"]);
  running[1]!.end();
  await turn();
  expect(keys()).toEqual(["a", "a"]);
});

test("no more keys are worked on than there are workers", async () => {
  const { queue, running, keys } = manual(2);
  queue.start();
  for (const key of ["a", "b", "c"]) queue.add(key);
  await turn();
  expect(keys()).toEqual(["a", "b"]);
  running[1]!.end();
  await turn();
  expect(keys()).toEqual(["a", "b", "c"]);
});

test("a failure is told and tried again, later each time; a conflict is nothing to tell of", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  const { queue, running, log, keys } = manual(1);
  queue.start();
  queue.add("a");
  await turn();
  running[0]!.end(new Error("broken"));
  await turn();
  expect(log).toEqual(["test a: broken"]);
  vi.advanceTimersByTime(5);
  await turn();
  expect(keys()).toHaveLength(2);
  running[1]!.end(new ApiError({ kind: "Status", reason: "Conflict", code: 409 }));
  await turn();
  vi.advanceTimersByTime(5);
  await turn();
  expect(keys()).toHaveLength(2);
  vi.advanceTimersByTime(5);
  await turn();
  expect(keys()).toHaveLength(3);
  expect(log).toHaveLength(1);
  vi.useRealTimers();
});

test("what cannot be made because its namespace goes away is not tried again", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  const { queue, running, log, keys } = manual(1);
  queue.start();
  queue.add("a");
  await turn();
  const causes = [{ reason: "NamespaceTerminating" }];
  running[0]!.end(new ApiError({ kind: "Status", reason: "Forbidden", code: 403, details: { causes } }));
  await turn();
  vi.advanceTimersByTime(60_000);
  await turn();
  expect([keys(), log]).toEqual([["a"], []]);
  vi.useRealTimers();
});

test("of two moments the earlier one counts; a queue that was stopped does nothing", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  const { queue, keys } = manual(1);
  queue.start();
  queue.addAfter("a", 100);
  queue.addAfter("a", 1_000);
  queue.addAfter("b", 50);
  queue.addAfter("b", 10);
  vi.advanceTimersByTime(10);
  await turn();
  expect(keys()).toEqual(["b"]);
  queue.stop();
  vi.advanceTimersByTime(5_000);
  await turn();
  expect(keys()).toEqual(["b"]);
  vi.useRealTimers();
});
