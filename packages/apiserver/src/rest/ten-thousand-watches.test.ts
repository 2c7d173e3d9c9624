import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { resources } from "@portcullis/kube";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { pod, type RunningApi, startApi } from "./api.testing.ts";
import { jsonRequest } from "./json-request.testing.ts";

// The watches are held by another process: it has descriptors of its own, and can be killed with all of them.

const path = "/api/v1/namespaces/default/pods";
const wanted = 10_000;
/** Descriptors for everything else that this process has open. */
const reserve = 1_000;

let api: RunningApi;
let crowd: ChildProcess | undefined;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  crowd?.kill("SIGKILL");
  await api.stop();
});

function howMany(): number {
  const limit = Number(/^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1]);
  const count = Math.min(wanted, limit - reserve);
  if (count < wanted)
    console.warn(`${count} watches in place of ${wanted}: this machine gives a process ${limit} descriptors`);
  return count;
}

/** Runs in a process of its own, so it is made of what Node has there: sends `opened`, then `told` when all heard the news. */
function holdWatches(socketPath: string, request: string, count: number): void {
  const { connect } = process.getBuiltinModule("node:net");
  let opened = 0;
  let told = 0;
  const open = () => {
    const socket = connect(socketPath, () => socket.write(request));
    let first = true;
    let heard = false;
    socket.on("data", (chunk) => {
      if (first) {
        first = false;
        if (++opened === count) process.send?.("opened");
        else if (opened + waiting <= count) open();
      }
      if (!heard && chunk.includes('"name":"news"')) {
        heard = true;
        if (++told === count) process.send?.("told");
      }
    });
    socket.on("error", (error) => {
      process.send?.(error.message);
    });
  };
  const waiting = Math.min(200, count);
  for (let index = 0; index < waiting; index++) open();
}

const said = (process: ChildProcess, word: string) =>
  new Promise<void>((resolve, reject) => {
    process.once("message", (message) => (message === word ? resolve() : reject(new Error(String(message)))));
    process.once("exit", (code) => reject(new Error(`the watches ended with ${code}`)));
  });

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;
function heap(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
const pipes = () => process.getActiveResourcesInfo().filter((kind) => kind === "PipeWrap").length;

it("ten thousand watches are told of a change, vanish at once, and leave nothing behind", async () => {
  const count = howMany();
  const { resourceVersion } = await api.client.list(resources.pods);
  const request = `GET ${path}?watch=1&resourceVersion=${resourceVersion} HTTP/1.1\r\nhost: a\r\n\r\n`;
  const before = { heap: heap(), pipes: pipes() };

  const script = `(${holdWatches})(...${JSON.stringify([api.socketPath, request, count])})`;
  crowd = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const opened = said(crowd, "opened");
  await opened;
  expect(api.server.store.watchCount).toBe(count);
  const told = said(crowd, "told");
  await api.client.create(resources.pods, pod("news"));
  await told;
  const held = heap() - before.heap;

  const gone = new Promise((resolve) => crowd?.once("exit", resolve));
  crowd.kill("SIGKILL");
  await gone;
  await vi.waitFor(() => expect(api.server.store.watchCount).toBe(0), { timeout: 30_000, interval: 20 });
  await vi.waitFor(() => expect(pipes()).toBeLessThanOrEqual(before.pipes), {
    timeout: 30_000,
    interval: 20,
  });
  expect((await jsonRequest(api, "GET", path)).code).toBe(200);
  // A server that has worked keeps something for itself: as much after two watches as after all of them.
  expect(heap() - before.heap).toBeLessThan(held / 10 + 4 * 1024 * 1024);
}, 120_000);
