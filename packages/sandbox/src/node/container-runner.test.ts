import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Container } from "./container.ts";
import { ContainerLog } from "./container-log.ts";
import { ContainerRunner } from "./container-runner.ts";
import { LaunchError, type Launched } from "./launch.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function deferred<T>() {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settled) => {
    resolve = settled;
  });
  return { promise, resolve };
}

/** A container without a process: it ends when it is told to. */
function fakeContainer(words = "") {
  const log = new ContainerLog();
  log.append(Buffer.from(words));
  const { promise: exited, resolve: exit } = deferred<number>();
  const { promise: ready, resolve: becomeReady } = deferred<void>();
  /** Whether each asking to stop was by force. */
  const stops: boolean[] = [];
  const launched: Launched = {
    container: { log, stderr: log, pid: 1 } as Container,
    exited,
    ready,
    env: {},
    workingDir: "/",
    stop: async (over) => {
      stops.push(over.aborted);
      exit(143);
    },
  };
  return { launched, exit, becomeReady, stops };
}

type Policy = "Always" | "OnFailure" | "Never";

function start(launch: () => Promise<Launched>, restartPolicy: Policy = "Always") {
  let changes = 0;
  const runner = new ContainerRunner({
    spec: { name: "main" },
    restartPolicy,
    launch,
    onChange: () => {
      changes += 1;
    },
  });
  runner.start();
  return { runner, changes: () => changes };
}

const neverOver = new AbortController().signal;
const settle = () => vi.advanceTimersByTimeAsync(0);

test("it is ready when its program says so, and every change is told", async () => {
  const { launched, becomeReady } = fakeContainer();
  const { runner, changes } = start(async () => launched);
  await settle();
  expect(runner.state).toMatchObject({ kind: "running", ready: false });
  becomeReady();
  await settle();
  expect(runner.state).toMatchObject({ kind: "running", ready: true });
  expect(changes()).toBe(2);
});

test("pauses between lives double, up to a minute, and begin anew after a long life", async () => {
  const lives: ReturnType<typeof fakeContainer>[] = [];
  const { runner } = start(async () => {
    lives.push(fakeContainer("woe"));
    return lives.at(-1)!.launched;
  });
  await settle();
  for (const pause of [1, 2, 4, 8, 16, 32, 60, 60]) {
    lives.at(-1)!.exit(3);
    await settle();
    const message = `back-off ${pause}s restarting failed container main: woe`;
    expect(runner.state).toEqual({ kind: "waiting", reason: "CrashLoopBackOff", message });
    await vi.advanceTimersByTimeAsync(pause * 1000 - 1);
    expect(runner.state.kind).toBe("waiting");
    await vi.advanceTimersByTimeAsync(1);
    expect(runner.state.kind).toBe("running");
  }
  await vi.advanceTimersByTimeAsync(61_000);
  lives.at(-1)!.exit(3);
  await settle();
  expect(runner.state).toMatchObject({ message: expect.stringContaining("back-off 1s") });
  expect(runner.restartCount).toBe(9);
  expect(runner.lastTermination).toMatchObject({ exitCode: 3, reason: "Error", message: "woe" });
});

test.each([
  ["Always", 0, "waiting"],
  ["OnFailure", 0, "terminated"],
  ["OnFailure", 1, "waiting"],
  ["Never", 1, "terminated"],
] as const)("with policy %s, exit code %i leads to %s", async (policy, code, kind) => {
  const { launched, exit } = fakeContainer();
  const { runner } = start(async () => launched, policy);
  await settle();
  exit(code);
  await settle();
  expect(runner.state.kind).toBe(kind);
});

test("what can never be launched is not tried again; a failed start is", async () => {
  let tries = 0;
  const refuse = (reason: "ImagePullBackOff" | "StartError") => async () => {
    tries += 1;
    throw new LaunchError(reason, "because");
  };
  const unknown = start(refuse("ImagePullBackOff"));
  await vi.advanceTimersByTimeAsync(300_000);
  expect(unknown.runner.state).toEqual({ kind: "waiting", reason: "ImagePullBackOff", message: "because" });
  expect(tries).toBe(1);
  const { runner } = start(refuse("StartError"));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(tries).toBeGreaterThan(3);
  expect(runner.lastTermination).toMatchObject({ exitCode: 128, reason: "StartError", message: "because" });
  await runner.stop(AbortSignal.abort());
});

test("stop ends it in any state, and nothing starts afterwards", async () => {
  const running = fakeContainer();
  const first = start(async () => running.launched);
  await settle();
  await first.runner.stop(neverOver);
  expect(running.stops).toEqual([false]);
  expect(first.runner.state).toMatchObject({ kind: "terminated", exitCode: 143 });

  const crashed = fakeContainer();
  let launches = 0;
  const second = start(async () => {
    launches += 1;
    return crashed.launched;
  });
  await settle();
  crashed.exit(1);
  await settle();
  await second.runner.stop(neverOver);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(launches).toBe(1);

  // While it is being launched.
  const late = fakeContainer();
  const { promise, resolve } = deferred<Launched>();
  const third = start(() => promise);
  const stopped = third.runner.stop(neverOver);
  resolve(late.launched);
  await settle();
  await stopped;
  expect(late.stops).toEqual([true]);
});
