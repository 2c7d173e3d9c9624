import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { besideWrites, interrupted } from "./beside-writes.ts";

/** As nft reads while something is written: never to an end. */
const endless = (signal: AbortSignal) => sleep(60_000, "read", { signal, ref: false });

test("what is read in the end is given, whether something was written or not", async () => {
  let writes = 0;
  const read = async () => {
    writes += 1;
    return "read";
  };
  expect(await besideWrites(read, () => writes)).toBe("read");
  expect(
    await besideWrites(
      async () => "read",
      () => writes,
    ),
  ).toBe("read");
});

test("a reading that writes keep from ending is given up; a slow one without writes is not", async () => {
  let writes = 0;
  const slow = besideWrites(
    (signal) => sleep(500, "read", { signal }),
    () => 0,
  );
  const kept = besideWrites(endless, () => ++writes);
  expect(await kept).toBe(interrupted);
  expect(await slow).toBe("read");
});

test("what fails by itself is no interruption", async () => {
  const failing = async () => {
    throw new Error("refused");
  };
  await expect(besideWrites(failing, () => 0)).rejects.toThrow("refused");
});
