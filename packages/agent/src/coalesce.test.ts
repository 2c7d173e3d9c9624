import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { Coalescer } from "./coalesce.ts";

test("requests in one turn are one run, and requests during a run are one more", async () => {
  let runs = 0;
  let release: () => void = () => {};
  const coalescer = new Coalescer(
    () => {
      runs += 1;
      return new Promise((resolve) => {
        release = resolve;
      });
    },
    () => {},
  );
  for (let i = 0; i < 5; i += 1) coalescer.request();
  await sleep(5);
  expect(runs).toBe(1);
  for (let i = 0; i < 5; i += 1) coalescer.request();
  await sleep(5);
  expect(runs).toBe(1);
  release();
  await sleep(5);
  expect(runs).toBe(2);
  release();
  await coalescer.stop();
  expect(runs).toBe(2);
});

test("a failed run is repeated until it succeeds", async () => {
  const errors: unknown[] = [];
  let runs = 0;
  const coalescer = new Coalescer(
    () => {
      runs += 1;
      return runs < 3 ? Promise.reject(new Error(`run ${runs}`)) : Promise.resolve();
    },
    (error) => errors.push(error),
  );
  coalescer.request();
  await expect.poll(() => runs).toBe(3);
  await coalescer.stop();
  expect(errors.map(String)).toEqual(["Error: run 1", "Error: run 2"]);
});

test("a request that arrives as a run ends is not lost", async () => {
  let runs = 0;
  const coalescer = new Coalescer(
    async () => {
      runs += 1;
      if (runs === 1) queueMicrotask(() => coalescer.request());
    },
    () => {},
  );
  coalescer.request();
  await expect.poll(() => runs).toBe(2);
  await coalescer.stop();
});

test("nor is one that arrives any number of steps after its end", async () => {
  const after = (steps: number) => {
    const done = { steps, runs: 0 };
    const coalescer = new Coalescer(
      async () => {
        done.runs += 1;
        if (done.runs > 1) return;
        let step = Promise.resolve();
        for (let i = 0; i < steps; i += 1) step = step.then(() => {});
        void step.then(() => coalescer.request());
      },
      () => {},
    );
    coalescer.request();
    return done;
  };
  const all = Array.from({ length: 12 }, (_, steps) => after(steps));
  await expect.poll(() => all.filter(({ runs }) => runs !== 2)).toEqual([]);
});

test("nothing runs after stop", async () => {
  let runs = 0;
  const coalescer = new Coalescer(
    async () => {
      runs += 1;
    },
    () => {},
  );
  await coalescer.stop();
  coalescer.request();
  await sleep(5);
  expect(runs).toBe(0);
});

test("who asks for a run is told when it has ended, in whatever way, and when there is none any more", async () => {
  const told: string[] = [];
  let runs = 0;
  let release: () => void = () => {};
  const coalescer = new Coalescer(
    async () => {
      runs += 1;
      if (runs === 1) throw new Error("refused");
      await new Promise<void>((resolve) => {
        release = resolve;
      });
    },
    () => {},
  );
  await coalescer.run();
  expect(runs).toBe(1);
  void coalescer.run().then(() => told.push("second"));
  await expect.poll(() => runs).toBe(2);
  // The run under way may have looked before.
  void coalescer.run().then(() => told.push("third"));
  release();
  await expect.poll(() => runs).toBe(3);
  expect(told).toEqual(["second"]);
  void coalescer.run().then(() => told.push("none"));
  const stopped = coalescer.stop();
  release();
  await stopped;
  await coalescer.run();
  expect(told).toEqual(["second", "third", "none"]);
  expect(runs).toBe(3);
});
