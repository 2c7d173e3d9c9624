import { text } from "node:stream/consumers";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ContainerLog } from "../container/container-log.ts";
import { type LogRequest, readLog } from "./log-reader.ts";

const seed = Number(process.env.FC_SEED ?? 20260606);
const start = Date.UTC(2026, 0, 2, 3, 4, 5);

/** A log with a line each second, `0` to `9`. */
function tenLines(): ContainerLog {
  let time = start;
  const log = new ContainerLog(() => time);
  for (let index = 0; index < 10; index++, time += 1000) log.append("stdout", Buffer.from(`${index}\n`));
  return log;
}

const read = (log: ContainerLog, request: Partial<LogRequest>, now = start + 10_000) =>
  text(readLog(log, { follow: false, timestamps: false, ...request }, now));

test("all of it, the last lines, what is newer than a time, the first bytes", async () => {
  const log = tenLines();
  expect(await read(log, {})).toBe("0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n");
  expect(await read(log, { tailLines: 3 })).toBe("7\n8\n9\n");
  expect(await read(log, { tailLines: 0 })).toBe("");
  expect(await read(log, { sinceSeconds: 2 })).toBe("8\n9\n");
  expect(await read(log, { sinceTime: start + 7000, tailLines: 5 })).toBe("7\n8\n9\n");
  expect(await read(log, { sinceTime: start + 3000, tailLines: 2 })).toBe("8\n9\n");
  expect(await read(log, { limitBytes: 5 })).toBe("0\n1\n2");
});

test("times as Go writes them, without idle zeros", async () => {
  let time = start;
  const log = new ContainerLog(() => time);
  for (const offset of [0, 0.25, 120, 999.9996]) {
    time = start + offset;
    log.append("stdout", Buffer.from("x\n"));
  }
  expect((await read(log, { timestamps: true })).split("\n")).toEqual([
    "2026-01-02T03:04:05Z x",
    "2026-01-02T03:04:05.00025Z x",
    "2026-01-02T03:04:05.12Z x",
    "2026-01-02T03:04:06Z x",
    "",
  ]);
});

test("following ends with the log, or with the reader", async () => {
  const log = tenLines();
  const following = read(log, { follow: true, tailLines: 1 });
  await new Promise((resolve) => setImmediate(resolve));
  log.append("stderr", Buffer.from("more\nhalf"));
  log.end();
  expect(await following).toBe("9\nmore\nhalf");
  expect(await read(log, { follow: true, tailLines: 1 })).toBe("half");

  const silent = new ContainerLog();
  const reader = readLog(silent, { follow: true, timestamps: false }, start);
  reader.resume();
  await new Promise((resolve) => setImmediate(resolve));
  const closed = new Promise((resolve) => reader.once("close", resolve));
  reader.destroy();
  await closed;
});

test("what is followed is what was printed, however it is chunked", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ maxLength: 40 }), { maxLength: 40 }), async (chunks) => {
      const log = new ContainerLog();
      const following = read(log, { follow: true });
      for (const chunk of chunks) {
        log.append("stdout", Buffer.from(chunk.replaceAll("a", "\n")));
        if (chunk.length % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      log.end();
      expect(await following).toBe(chunks.join("").replaceAll("a", "\n"));
    }),
    { seed, numRuns: 50 },
  );
});
