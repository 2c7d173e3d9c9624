import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { Lock } from "./lock.ts";
import { userId } from "./state-directory.ts";

const name = `lock-${process.pid}`;

test("one process has it, others are told which, and it can be had again", async () => {
  expect(await Lock.holder(name)).toBeUndefined();
  const lock = await Lock.take(name, "/run/one");
  expect(await Lock.take(name, "/run/one")).toBeUndefined();
  expect(await Lock.holder(name)).toEqual({ pid: process.pid, stateDirectory: "/run/one" });
  await lock!.release();
  expect(await Lock.holder(name)).toBeUndefined();
  const again = await Lock.take(name, "/run/one");
  expect(again).toBeDefined();
  await again!.release();
});

test("it dies with a holder that is killed", async () => {
  const address = JSON.stringify(`\0portcullis-${userId()}-${name}`);
  const script = `require("net").createServer().listen(${address}, () => console.log("taken"))`;
  const holder = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  await once(holder.stdout, "data");
  expect(await Lock.take(name, "/run/one")).toBeUndefined();
  holder.kill("SIGKILL");
  await once(holder, "exit");
  const lock = await Lock.take(name, "/run/one");
  expect(lock).toBeDefined();
  await lock!.release();
});
