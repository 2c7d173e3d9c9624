import { spawn } from "node:child_process";
import { once } from "node:events";
import { readlinkSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { expect, test } from "vitest";
import { NodeLock } from "./node-lock.ts";

let names = 0;
const freshName = (): string => `portcullis-lock-test-${process.pid}-${++names}`;

test("one at a time: the second waits, is told who has it, and takes over when the first ends", async () => {
  const name = freshName();
  const first = await NodeLock.take("node-1", name);
  expect(await NodeLock.take("node-1", name)).toBeUndefined();
  const abort = new AbortController();
  const held: unknown[] = [];
  const waiting = NodeLock.wait("node-1", {
    name,
    signal: abort.signal,
    onHeld: (holder) => held.push(holder),
  });
  const pidNamespace = readlinkSync("/proc/self/ns/pid");
  await expect.poll(() => held).toEqual([{ pid: process.pid, pidNamespace, nodeName: "node-1" }]);
  await first?.release();
  const second = await waiting;
  expect(await NodeLock.take("node-1", name)).toBeUndefined();
  await second.release();
});

test("a free one is taken at once, and nobody is told", async () => {
  const name = freshName();
  const lock = await NodeLock.wait("n", {
    name,
    signal: new AbortController().signal,
    onHeld: () => expect.unreachable(),
  });
  await lock.release();
});

test("the kernel frees it when its holder is killed", async () => {
  const name = freshName();
  const program = `require("node:net").createServer((s) => s.on("error", () => {})).listen("\\0" + ${JSON.stringify(name)}, () => console.log("listening"))`;
  const holder = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  await once(holder.stdout, "data");
  const held: unknown[] = [];
  const waiting = NodeLock.wait("n", {
    name,
    signal: new AbortController().signal,
    onHeld: (holder) => held.push(holder),
  });
  // It never says who it is.
  await expect.poll(() => held).toEqual([undefined]);
  holder.kill("SIGKILL");
  await (await waiting).release();
});

test("waiting ends with the signal's reason", async () => {
  const name = freshName();
  const first = await NodeLock.take("n", name);
  const abort = new AbortController();
  const waiting = NodeLock.wait("n", {
    name,
    signal: abort.signal,
    onHeld: () => abort.abort(new Error("stopped")),
  });
  await expect(waiting).rejects.toThrow("stopped");
  await first?.release();
});

test("whoever hangs up, or speaks nonsense, is asked again in peace", async () => {
  const name = freshName();
  let asked = 0;
  const rude: Server = createServer((socket) => {
    asked += 1;
    socket.on("error", () => {}).end("\u0000{nonsense\n");
  });
  await new Promise<void>((resolve) => rude.listen(`\0${name}`, resolve));
  const abort = new AbortController();
  const held: unknown[] = [];
  const waiting = NodeLock.wait("n", {
    name,
    signal: abort.signal,
    onHeld: (holder) => held.push(holder),
  });
  await expect.poll(() => asked).toBeGreaterThan(1);
  expect(asked).toBeLessThan(5);
  expect(held[0]).toBeUndefined();
  abort.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
  await new Promise((resolve) => rude.close(resolve));
});

test("its connections are released with it", async () => {
  const name = freshName();
  const lock = await NodeLock.take("n", name);
  const sockets = Array.from({ length: 40 }, () =>
    connect(`\0${name}`)
      .on("error", () => {})
      .resume(),
  );
  await expect.poll(() => sockets.some((socket) => socket.readyState === "open")).toBe(true);
  await lock?.release();
  await Promise.all(sockets.map((socket) => socket.closed || closed(socket)));
});

/** Also of one that was reset: an error comes before its end, and is not what is waited for. */
const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => socket.once("close", () => resolve()));
