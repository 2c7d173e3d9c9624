import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { DirectoryLock } from "./directory-lock.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "portcullis-lock-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const startTime = (pid: number) => {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
};

it("is refused while another process holds it, and to be had when that is dead", async () => {
  const other = spawn("sleep", ["60"]);
  try {
    await once(other, "spawn");
    writeFileSync(join(directory, "lock"), `${other.pid} ${startTime(other.pid!)}`);
    expect(() => new DirectoryLock(directory)).toThrow(`${directory} is in use by process ${other.pid}`);
  } finally {
    other.kill();
    await once(other, "exit");
  }
  new DirectoryLock(directory).release();
  expect(readdirSync(directory)).toEqual([]);
});

it("is not held by a process that is dead, whoever has not waited for it", async () => {
  // The shell starts a child and becomes a program that never asks after it.
  const parent = spawn("sh", ["-c", "sleep 0 & echo $!; exec sleep 60"]);
  try {
    const [line] = (await once(parent.stdout, "data")) as [Buffer];
    const zombie = Number(line.toString());
    await vi.waitFor(() => expect(readFileSync(`/proc/${zombie}/stat`, "utf8")).toContain(") Z "));
    writeFileSync(join(directory, "lock"), `${zombie} ${startTime(zombie)}`);
    new DirectoryLock(directory).release();
  } finally {
    parent.kill();
    await once(parent, "exit");
  }
});

it("is not held by who has the number of a dead process, nor by a broken file", () => {
  for (const text of [`${process.ppid} 1`, "", "x y z", "999999999 5"]) {
    writeFileSync(join(directory, "lock"), text);
    new DirectoryLock(directory).release();
  }
});
