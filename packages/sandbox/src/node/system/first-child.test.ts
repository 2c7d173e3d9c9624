import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { firstChild } from "./first-child.ts";

test("the child of a process that has one", async () => {
  const parent = spawn("sh", ["-c", "sleep 60 & echo $!; wait"], { stdio: ["ignore", "pipe", "ignore"] });
  const child = Number(String((await once(parent.stdout, "data"))[0]));
  try {
    expect(firstChild(parent.pid)).toBe(child);
    expect(firstChild(child)).toBe(0);
  } finally {
    process.kill(child);
    await ended(parent);
  }
});

test("a process that has ended has no child: it is no fault that it was quick", async () => {
  const quick = spawn("true");
  await ended(quick);
  expect(firstChild(quick.pid)).toBe(0);
  expect(firstChild(undefined)).toBe(0);
});

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}
