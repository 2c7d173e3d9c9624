import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import type { Duplex, Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type { ProcessSession, TerminalOptions } from "@portcullis/apiserver";
import { resources } from "@portcullis/kube";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { SandboxHandle } from "../contract.ts";
import { podObject } from "../kernel.testing.ts";
import { startSandbox } from "../start.ts";
import { NodeStreams } from "./node-streams.ts";

let sandbox: SandboxHandle;
let streams: NodeStreams;

const pod = (name: string) => ({ namespace: "default", name, uid: "", container: "main" });
const pipes: TerminalOptions = { stdin: true, stdout: true, stderr: true, tty: false };
const terminal: TerminalOptions = { stdin: true, stdout: true, stderr: false, tty: true };

beforeAll(async () => {
  sandbox = await startSandbox({ name: `streams-${process.pid}` });
  const { socketPath, initPid } = sandbox.info;
  const controlSocket = socketPath.replace(/[^/]+$/, "node.sock");
  streams = new NodeStreams({ controlSocket, initPid: () => initPid });
  await start("web", "nginx");
});

afterAll(async () => {
  await sandbox?.stop();
});

async function start(name: string, image: string, container: object = {}, spec: object = {}): Promise<void> {
  const object = podObject(name, image, container);
  await sandbox.client.create(resources.pods, { ...object, spec: { ...(object.spec as object), ...spec } });
  await sandbox.running([{ namespace: "default", name }]);
}

async function answer({ stdout, stderr, exited }: ProcessSession): Promise<[string, string, number]> {
  const [out, err, { code }] = await Promise.all([
    text(stdout!),
    stderr === undefined ? "" : text(stderr),
    exited,
  ]);
  return [out, err, code];
}

/** Collects what a stream says, so that a test can wait for words. */
function listen(stream: Readable): { text: string } {
  const heard = { text: "" };
  stream.on("data", (chunk: Buffer) => {
    heard.text += chunk.toString("latin1");
  });
  return heard;
}

const until = (condition: () => void) => vi.waitFor(condition, { timeout: 20_000, interval: 20 });

describe("exec", () => {
  test("both outputs and the exit code, or the signal", async () => {
    const session = await streams.exec(pod("web"), ["sh", "-c", "echo out; echo err >&2; exit 3"], pipes);
    expect(await answer(session)).toEqual(["out\n", "err\n", 3]);
    const killed = await streams.exec(pod("web"), ["sh", "-c", "kill -9 $$"], pipes);
    expect((await killed.exited).code).toBe(137);
  });

  test("megabytes in and out are what they were", async () => {
    const input = randomBytes(3 << 20);
    const session = await streams.exec(pod("web"), ["md5sum"], pipes);
    session.stdin!.end(input);
    expect((await answer(session))[0]).toBe(`${createHash("md5").update(input).digest("hex")}  -\n`);
    const big = await streams.exec(pod("web"), ["head", "-c", "20000000", "/dev/zero"], pipes);
    expect((await buffer(big.stdout!)).equals(Buffer.alloc(20_000_000))).toBe(true);
  });

  test("inputs and outputs can be opened by their names, as files", async () => {
    const script = "cat /dev/stdin > /dev/stdout; echo done > /dev/stderr";
    const session = await streams.exec(pod("web"), ["sh", "-c", script], pipes);
    session.stdin!.end("in");
    expect(await answer(session)).toEqual(["in", "done\n", 0]);
  });

  test("a terminal: its size, job control, the exit code", async () => {
    const session = await streams.exec(pod("web"), ["sh"], terminal);
    const heard = listen(session.stdout!);
    session.resize(91, 33);
    session.stdin!.write("stty size; sleep 0.01 & wait; fg; exit 5\n");
    expect((await session.exited).code).toBe(5);
    expect(heard.text).toContain("33 91");
    // What dash says where it cannot set process groups.
    expect(heard.text).not.toMatch(/job control|tty process group/);
  });

  test("a terminal by the sandbox's handle, which the command line joins with the user's own", async () => {
    const session = await sandbox.terminal({ namespace: "default", name: "web" }, ["sh"]);
    const heard = listen(session.stdout!);
    session.stdin!.write('tty; echo "TERM=$TERM"; exit 4\n');
    expect((await session.exited).code).toBe(4);
    expect(heard.text).toMatch(/\/dev\/pts\/\d+/);
    expect(heard.text).toMatch(/TERM=[a-z]/);
  });

  test("a resize is a signal to the program", async () => {
    const script = 'trap "stty size" WINCH; echo ready; while true; do sleep 0.05; done';
    const session = await streams.exec(pod("web"), ["sh", "-c", script], terminal);
    const heard = listen(session.stdout!);
    await until(() => expect(heard.text).toContain("ready"));
    session.resize(120, 40);
    await until(() => expect(heard.text).toContain("40 120"));
    session.hangUp();
    await session.exited;
  });

  test.each([
    ["pipes", pipes],
    ["a terminal", terminal],
  ])("hanging up ends everything that ran on %s, the deaf too", async (_what, io) => {
    const mark = `${io.tty ? 7001 : 7002}.${process.pid}`;
    const script = `trap "" HUP; sleep ${mark} & echo ready; sleep ${mark}`;
    const session = await streams.exec(pod("web"), ["sh", "-c", script], io);
    const heard = listen(session.stdout!);
    await until(() => expect(heard.text).toContain("ready"));
    expect(running(mark)).toBeGreaterThan(0);
    session.hangUp();
    await until(() => expect(running(mark)).toBe(0));
    await session.exited;
  });

  test("says which container it does not find", async () => {
    await expect(streams.exec(pod("none"), ["true"], pipes)).rejects.toThrow(
      "pod default/none does not exist",
    );
  });
});

describe("attach", () => {
  test("several clients share a terminal; leaving it ends nothing", async () => {
    await start("shell", "busybox", { command: ["sh"], stdin: true, tty: true });
    const [one, two] = await Promise.all([
      streams.attach(pod("shell"), terminal),
      streams.attach(pod("shell"), terminal),
    ]);
    const [heardByOne, heardByTwo] = [listen(one.stdout!), listen(two.stdout!)];
    one.resize(91, 33);
    one.stdin!.write("stty size; echo hel''lo\n");
    await until(() => expect(heardByOne.text).toMatch(/33 91.*hello/s));
    await until(() => expect(heardByTwo.text).toMatch(/33 91.*hello/s));
    one.hangUp();
    two.stdin!.write("echo sti''ll here\n");
    await until(() => expect(heardByTwo.text).toContain("still here"));
    expect(heardByTwo.text).not.toMatch(/job control|tty process group/);
    two.stdin!.write("exit 4\n");
    expect((await two.exited).code).toBe(4);
  });

  test("with stdinOnce the first client's end is the input's; megabytes pass both ways", async () => {
    const container = { command: ["md5sum"], stdin: true, stdinOnce: true };
    await start("sum", "busybox", container, { restartPolicy: "Never" });
    const session = await streams.attach(pod("sum"), pipes);
    const input = randomBytes(3 << 20);
    session.stdin!.end(input);
    expect(await answer(session)).toEqual([`${createHash("md5").update(input).digest("hex")}  -\n`, "", 0]);

    await start("echo", "busybox", { ...container, command: ["cat"] }, { restartPolicy: "Never" });
    const back = await streams.attach(pod("echo"), pipes);
    back.stdin!.end(input);
    expect((await buffer(back.stdout!)).equals(input)).toBe(true);
  });
});

describe("logs", () => {
  const options = { follow: false, previous: false, timestamps: false };
  const read = async (name: string, more: object = {}, signal = new AbortController().signal) =>
    streams.logs(pod(name), { ...options, ...more }, signal);

  test("follow to the end of the container, then its previous life", async () => {
    const script = "for i in 1 2 3 4 5; do echo line $i; echo err $i >&2; sleep 0.1; done; exit 1";
    await start("ticks", "busybox", { command: ["sh", "-c", script] });
    const all = await text(await read("ticks", { follow: true }));
    expect(all.split("\n").sort()).toEqual(
      ["", ...[1, 2, 3, 4, 5].flatMap((n) => [`err ${n}`, `line ${n}`])].sort(),
    );
    await until(() => expect(restarts("ticks")).resolves.toBeGreaterThan(0));
    expect((await text(await read("ticks", { previous: true }))).length).toBe(all.length);
    expect(await text(await read("ticks", { previous: true, limitBytes: 3 }))).toHaveLength(3);
    expect(await text(await read("ticks", { previous: true, tailLines: 2, timestamps: true }))).toMatch(
      /^(\d{4}-\d\d-\d\dT[\d:.]+Z (line|err) 5\n){2}$/,
    );
    await expect(read("web", { previous: true })).rejects.toThrow(
      'previous terminated container "main" in pod "web" not found',
    );
  });

  test("a reader that goes lets go of the log", async () => {
    const abort = new AbortController();
    const log = await read("web", { follow: true }, abort.signal);
    const closed = new Promise((resolve) => log.once("close", resolve));
    log.on("error", () => {});
    log.resume();
    abort.abort();
    await closed;
  });
});

describe("port-forward", () => {
  const fetch = async (port: number): Promise<string> => {
    const connection = await streams.connect(pod("web"), port);
    connection.end("GET / HTTP/1.0\r\n\r\n");
    return text(connection);
  };

  test("twenty connections at once", async () => {
    const pages = await Promise.all(Array.from({ length: 20 }, () => fetch(80)));
    for (const page of pages) expect(page).toContain("Welcome to nginx!");
  });

  test("half-closed, with megabytes both ways; by IPv6 when nothing else listens", async () => {
    const script = `
      const net = require("node:net");
      net.createServer({ allowHalfOpen: true }, (s) => s.pipe(s)).listen(7, "127.0.0.1");
      net.createServer((s) => s.end("six")).listen(8, "::1");
    `;
    await start("node", "busybox", { command: [process.execPath, "-e", script] });
    const connection = await connected("node", 7);
    const input = randomBytes(3 << 20);
    connection.end(input);
    expect((await buffer(connection)).equals(input)).toBe(true);
    expect(await text(await connected("node", 8))).toBe("six");
  });

  test("a port on which nothing listens, in the words of a container runtime", async () => {
    await expect(streams.connect(pod("web"), 81)).rejects.toThrow(
      "IPv4: dial tcp4 127.0.0.1:81: connect: connection refused",
    );
  });
});

/** The program may still be on its way to listening. */
async function connected(name: string, port: number): Promise<Duplex> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await streams.connect(pod(name), port);
    } catch (error) {
      if (tries > 200) throw error;
      await sleep(50);
    }
  }
}

async function restarts(name: string): Promise<number> {
  const { status } = await sandbox.client.get(resources.pods, name, "default");
  return (status as { containerStatuses: { restartCount: number }[] }).containerStatuses[0]!.restartCount;
}

/** How many processes sleep for this time. */
function running(seconds: string): number {
  const { stdout } = spawnSync("pgrep", ["-fc", `sleep ${seconds}`], { encoding: "utf8" });
  return Number(stdout.trim());
}
