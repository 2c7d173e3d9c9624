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
  await expect.poll(() => runs, { timeout: 5_000 }).toBe(3);
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
