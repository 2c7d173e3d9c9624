import { expect, test, vi } from "vitest";
import { ContainerLog } from "./container-log.ts";

const lines = (log: ContainerLog) => [...log.entries()].map(({ stream, line }) => `${stream} ${line}`);

test("lines of both streams, in the order in which they were complete", () => {
  let time = 1000;
  const log = new ContainerLog(() => time++);
  log.append("stdout", Buffer.from("one\ntw"));
  log.append("stderr", Buffer.from("bad\n"));
  log.append("stdout", Buffer.from("o\n\nend"));
  expect(lines(log)).toEqual(["stdout one\n", "stderr bad\n", "stdout two\n", "stdout \n"]);
  expect([...log.entries()].map((entry) => entry.time)).toEqual([1000, 1001, 1002, 1002]);
  expect(log.text()).toBe("one\nbad\ntwo\n\nend");
  const told = vi.fn();
  log.onChange(told);
  log.end();
  expect(told).toHaveBeenCalledTimes(1);
  expect(log.ended).toBe(true);
  expect(lines(log).at(-1)).toBe("stdout end");
});

test("the last line that says anything, of both streams or of one", () => {
  const log = new ContainerLog();
  expect(log.lastLine()).toBeUndefined();
  log.append("stderr", Buffer.from("oh\n"));
  log.append("stdout", Buffer.from("two\n\n"));
  expect(log.lastLine()).toBe("two");
  expect(log.lastLine("stderr")).toBe("oh");
  log.append("stderr", Buffer.from("no newline"));
  expect(log.lastLine()).toBe("no newline");
  log.append("stderr", Buffer.from(`${"x".repeat(600)}\n`));
  expect(log.lastLine()).toHaveLength(500);
});

test("a long line is cut where a container runtime cuts it", () => {
  const log = new ContainerLog();
  log.append("stdout", Buffer.from(`${"x".repeat(40_000)}\nshort\n`));
  expect([...log.entries()].map(({ line }) => line.length)).toEqual([16_384, 16_384, 7_233, 6]);
  expect(log.text()).toBe(`${"x".repeat(40_000)}\nshort\n`);
});

test("the oldest lines are dropped, whatever their length; a position stays good", () => {
  const log = new ContainerLog();
  for (let index = 0; index < 200_000; index++) log.append("stdout", Buffer.from(`line ${index}\n`));
  const text = log.text();
  expect(text.length).toBeGreaterThan(1 << 20);
  expect(text.length).toBeLessThan(4 << 20);
  expect(text.endsWith("line 199998\nline 199999\n")).toBe(true);
  // From where nothing is kept any more, reading goes on at the oldest that is.
  let [position, count] = [10, 0];
  for (;;) {
    const { entries, next } = log.read(position);
    if (entries.length === 0) break;
    count += entries.length;
    position = next;
  }
  expect(count).toBe(text.split("\n").length - 1);
  expect(position).toBe(log.position);
});
