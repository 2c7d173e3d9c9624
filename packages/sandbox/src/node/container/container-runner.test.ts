import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Grace } from "../pod/grace.ts";
import { deferred, fakeContainer, startRunner } from "./container.testing.ts";
import { LaunchError, type Launched } from "./launch.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const settle = () => vi.advanceTimersByTimeAsync(0);

test("it is ready when its program says so; every change is told, and the kubelet's events are recorded", async () => {
  const { launched, becomeReady } = fakeContainer();
  const { runner, changes, events } = startRunner(async () => launched);
  await settle();
  expect([runner.state.kind, runner.ready]).toEqual(["running", false]);
  becomeReady();
  await settle();
  expect([runner.state.kind, runner.ready]).toEqual(["running", true]);
  expect(changes()).toBe(2);
  expect(events).toEqual([
    'Normal Pulled Container image "nginx" already present on machine',
    "Normal Created Created container: main",
    "Normal Started Started container main",
  ]);
});

test("the first restart is at once; then pauses double, up to five minutes, and begin anew after ten", async () => {
  const lives: ReturnType<typeof fakeContainer>[] = [];
  const { runner, events } = startRunner(async () => {
    lives.push(fakeContainer("woe"));
    return lives.at(-1)!.launched;
  });
  await settle();
  for (const pause of [0, 10, 20, 40, 80, 160, 300, 300]) {
    lives.at(-1)!.exit(3);
    await settle();
    if (pause > 0) {
      const words = pause < 60 ? `${pause}s` : `${Math.floor(pause / 60)}m${pause % 60}s`;
      const message = `back-off ${words} restarting failed container=main pod=web_shop(u1)`;
      expect(runner.state).toEqual({ kind: "waiting", reason: "CrashLoopBackOff", message });
      await vi.advanceTimersByTimeAsync(pause * 1000 - 1);
      expect(runner.state.kind).toBe("waiting");
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(runner.state.kind).toBe("running");
  }
  expect(runner.restartCount).toBe(8);
  expect(runner.lastTermination).toMatchObject({ exitCode: 3, reason: "Error", message: "woe" });
  expect(events).toContain("Warning BackOff Back-off restarting failed container main in pod web_shop(u1)");
  await vi.advanceTimersByTimeAsync(601_000);
  lives.at(-1)!.exit(3);
  await settle();
  expect(runner.state.kind).toBe("running");
});

test.each([
  ["Always", 0, "running"],
  ["OnFailure", 0, "terminated"],
  ["OnFailure", 1, "running"],
  ["Never", 1, "terminated"],
] as const)("with policy %s, exit code %i leads to %s", async (restartPolicy, code, kind) => {
  const lives: ReturnType<typeof fakeContainer>[] = [];
  const launch = async () => {
    lives.push(fakeContainer());
    return lives.at(-1)!.launched;
  };
  const { runner } = startRunner(launch, { restartPolicy });
  await settle();
  lives[0]!.exit(code);
  await settle();
  expect(runner.state.kind).toBe(kind);
  expect(lives.length).toBe(kind === "running" ? 2 : 1);
});

test("an image that is not there is told in two steps and tried again, seldom; a new name for it at once", async () => {
  const good = fakeContainer();
  const tried: (string | undefined)[] = [];
  const { runner, events } = startRunner(async ({ image }) => {
    tried.push(image);
    if (image === "good") return good.launched;
    throw new LaunchError("ErrImagePull", "because");
  });
  await settle();
  expect(runner.state).toEqual({ kind: "waiting", reason: "ErrImagePull", message: "because" });
  await vi.advanceTimersByTimeAsync(500);
  expect(runner.state).toMatchObject({
    reason: "ImagePullBackOff",
    message: 'Back-off pulling image "nginx": ErrImagePull: because',
  });
  await vi.advanceTimersByTimeAsync(300_000);
  expect(tried.length).toBeLessThan(8);
  expect(events).toContain('Warning Failed Failed to pull image "nginx": because');
  runner.update({ name: "main", image: "good" });
  await settle();
  expect([runner.state.kind, runner.restartCount]).toEqual(["running", 0]);
});

test("a missing configuration is waited for", async () => {
  let there = false;
  const { launched } = fakeContainer();
  const { runner } = startRunner(async () => {
    if (there) return launched;
    throw new LaunchError("CreateContainerConfigError", 'configmap "c" not found');
  });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(runner.state).toMatchObject({
    reason: "CreateContainerConfigError",
    message: 'configmap "c" not found',
  });
  there = true;
  runner.retry();
  await settle();
  expect(runner.state.kind).toBe("running");
});

test("a program that cannot be started counts as one that failed", async () => {
  const { runner, events } = startRunner(async () => {
    throw new LaunchError("StartError", "not found in $PATH");
  });
  await settle();
  expect(runner.state).toMatchObject({ reason: "CrashLoopBackOff" });
  expect(runner.lastTermination).toMatchObject({
    exitCode: 128,
    reason: "StartError",
    message: "not found in $PATH",
  });
  expect(events).toContain("Warning Failed Error: not found in $PATH");
  await runner.stop(new Grace(0));
});

test("a changed image ends what runs and starts the new one, whatever the restart policy", async () => {
  const lives: ReturnType<typeof fakeContainer>[] = [];
  const launch = async () => {
    lives.push(fakeContainer());
    return lives.at(-1)!.launched;
  };
  const { runner, events } = startRunner(launch, { restartPolicy: "Never" });
  await settle();
  runner.update({ name: "main", image: "httpd" });
  await settle();
  expect([lives.length, runner.state.kind, runner.restartCount]).toEqual([2, "running", 1]);
  expect(events).toContain("Normal Killing Container main definition changed, will be restarted");
});

test("a failed liveness probe restarts the container", async () => {
  const lives: ReturnType<typeof fakeContainer>[] = [];
  let unhealthy: (() => void) | undefined;
  const { runner, events } = startRunner(
    async () => {
      lives.push(fakeContainer());
      return lives.at(-1)!.launched;
    },
    {
      supervise: (_, __, { onUnhealthy }) => {
        unhealthy = () => onUnhealthy("liveness", undefined);
        return { started: true, ready: true, stop: () => {} };
      },
    },
  );
  await settle();
  unhealthy!();
  await settle();
  expect([lives[0]!.stops, runner.restartCount]).toEqual([[false], 1]);
  expect(events).toContain("Normal Killing Container main failed liveness probe, will be restarted");
});

test("the preStop hook comes before the end, and has no more time than the grace", async () => {
  const { launched, stops } = fakeContainer();
  const spec = { name: "main", lifecycle: { preStop: { sleep: { seconds: 60 } } } };
  const hook = () => new Promise<never>(() => {});
  const { runner } = startRunner(async () => launched, { spec, hook });
  await settle();
  const stopped = runner.stop(new Grace(5_000));
  await vi.advanceTimersByTimeAsync(4_999);
  expect(stops).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(stops).toEqual([true]);
  await stopped;
});

test("stop ends it in any state, and nothing starts afterwards", async () => {
  const running = fakeContainer();
  const first = startRunner(async () => running.launched);
  await settle();
  await first.runner.stop(new Grace(500));
  expect(running.stops).toEqual([false]);
  expect(first.runner.state).toMatchObject({ kind: "terminated", exitCode: 143 });

  let launches = 0;
  const second = startRunner(async () => {
    launches += 1;
    const crashed = fakeContainer();
    crashed.exit(1);
    return crashed.launched;
  });
  await settle();
  expect(second.runner.state).toMatchObject({ reason: "CrashLoopBackOff" });
  await second.runner.stop(new Grace(500));
  await vi.advanceTimersByTimeAsync(120_000);
  expect(launches).toBe(2);

  // While it is being launched.
  const late = fakeContainer();
  const { promise, resolve } = deferred<Launched>();
  const third = startRunner(() => promise);
  const stopped = third.runner.stop(new Grace(500));
  resolve(late.launched);
  await settle();
  await stopped;
  expect(late.stops).toEqual([true]);
});
