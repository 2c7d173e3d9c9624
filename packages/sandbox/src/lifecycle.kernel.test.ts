import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { resources } from "@portcullis/kube";
import { afterEach, expect, test } from "vitest";
import { attachSandbox } from "./attach.ts";
import type { SandboxInfo } from "./contract.ts";
import { descendants, hostState, isAlive, podObject } from "./kernel.testing.ts";
import { startSandbox } from "./start.ts";
import { supervisorScript } from "./supervisor.testing.ts";

const name = `life-${process.pid}`;
const compiled = fileURLToPath(new URL("../dist/index.js", import.meta.url));

let child: ChildProcess | undefined;
afterEach(() => {
  child?.kill("SIGKILL");
});

interface Supervised {
  readonly info: SandboxInfo;
  /** Everything that the supervisor started, itself included. */
  readonly pids: readonly number[];
  readonly lines: AsyncIterator<string>;
}

/** A sandbox with a running pod, supervised by a process of its own. */
async function supervise(): Promise<Supervised> {
  const started = spawn(process.execPath, ["--input-type=module", "-e", supervisorScript, compiled, name], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  child = started;
  const lines = createInterface({ input: started.stdout })[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.done === true) throw new Error("the supervisor ended early");
  const pids = descendants(started.pid!);
  // Supervisor, unshare, shell, node part, nft, and the pod's unshare, nginx and its workers.
  expect(pids.length).toBeGreaterThanOrEqual(7);
  return { info: JSON.parse(first.value) as SandboxInfo, pids, lines };
}

const exited = (process: ChildProcess) =>
  new Promise<number | null>((resolve) => process.once("exit", (code) => resolve(code)));

async function allGone(pids: readonly number[]): Promise<void> {
  await expect.poll(() => pids.filter(isAlive)).toEqual([]);
}

test("killing the supervisor leaves nothing but its state directory, which the next start replaces", async () => {
  const before = hostState();
  const { info, pids } = await supervise();
  process.kill(info.pid, "SIGKILL");
  await allGone(pids);
  expect(hostState()).toEqual(before);
  await expect(attachSandbox(name)).rejects.toMatchObject({ code: "not-running" });
  expect(existsSync(info.socketPath)).toBe(true);
  const next = await startSandbox({ name });
  expect(next.info.socketPath).toBe(info.socketPath);
  await next.stop();
  expect(existsSync(dirname(info.socketPath))).toBe(false);
});

test.each([
  ["what holds the namespaces (unshare)", 1],
  ["process 1 inside", 2],
  ["the node part", 3],
])("killing %s ends the sandbox, and the supervisor is told", async (_, depth) => {
  const before = hostState();
  const { info, pids, lines } = await supervise();
  const ended = exited(child!);
  process.kill(pids[depth]!, "SIGKILL");
  await allGone(pids.slice(1));
  const told = await lines.next();
  expect(told.value).toContain("the node part ended");
  expect(await ended).toBe(3);
  expect(hostState()).toEqual(before);
  expect(existsSync(dirname(info.socketPath))).toBe(false);
});

test("killing a pod's program ends that only: it is started again", async () => {
  const { info, pids } = await supervise();
  const sandbox = await attachSandbox(name);
  const pod = { namespace: "default", name: "web" };
  const restarts = async () => {
    const { status } = await sandbox.client.get(resources.pods, pod.name, pod.namespace);
    const [main] = (status as { containerStatuses: { restartCount: number; ready: boolean }[] })
      .containerStatuses;
    return main;
  };
  expect(await restarts()).toMatchObject({ restartCount: 0, ready: true });
  // nginx takes it as a request to end, and what runs in the container ends with its first process.
  await sandbox.exec(pod, ["sh", "-c", "kill -QUIT 1; sleep 60"]);
  await expect.poll(restarts, { timeout: 10_000 }).toMatchObject({ restartCount: 1, ready: true });
  expect(await sandbox.exec(pod, ["hostname"])).toMatchObject({ code: 0, stdout: "web\n" });
  await sandbox.stop();
  await allGone(pids);
  expect(existsSync(dirname(info.socketPath))).toBe(false);
});

test("Ctrl-C stops everything in order", async () => {
  const before = hostState();
  const { info, pids } = await supervise();
  const ended = exited(child!);
  process.kill(info.pid, "SIGINT");
  expect(await ended).toBe(130);
  await allGone(pids);
  expect(hostState()).toEqual(before);
  expect(existsSync(dirname(info.socketPath))).toBe(false);
});

test("ten times up and down, and nothing is left", async () => {
  const before = hostState();
  for (let round = 0; round < 10; round++) {
    const sandbox = await startSandbox({ name });
    const { info } = sandbox;
    await sandbox.stop();
    expect(isAlive(info.initPid)).toBe(false);
    expect(existsSync(dirname(info.socketPath))).toBe(false);
  }
  expect(descendants(process.pid).filter((pid) => pid !== process.pid && isAlive(pid))).toEqual([]);
  expect(hostState()).toEqual(before);
});

test("two sandboxes of different names run side by side", async () => {
  const one = await startSandbox({ name: `${name}-one` });
  const two = await startSandbox({ name: `${name}-two`, standIn: true });
  expect(one.info.socketPath).not.toBe(two.info.socketPath);
  expect(await two.probe([{ from: "node", address: "127.0.0.1", port: 1, protocol: "TCP" }])).toMatchObject([
    { outcome: "refused" },
  ]);
  await one.stop();
  expect(await two.drops()).toEqual([]);
  // What no catalogue knows is stood in for when that was asked, and the pod says so.
  await two.client.create(resources.pods, podObject("app", "example.com/team/app:2"));
  await two.running([{ namespace: "default", name: "app" }]);
  const { status } = await two.client.get(resources.pods, "app", "default");
  expect(status).toMatchObject({ message: "main: echo server in place of example.com/team/app:2" });
  await two.stop();
});
