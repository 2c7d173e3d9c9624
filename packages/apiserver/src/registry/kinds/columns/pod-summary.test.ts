import { expect, it } from "vitest";
import { podSummary } from "./pod-summary.ts";

type Fields = Record<string, unknown>;

function pod(status: Fields, spec: Fields = {}, metadata: Fields = {}) {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web", ...metadata },
    spec: { containers: [{ name: "a" }, { name: "b" }], ...spec },
    status: { phase: "Running", ...status },
  };
}

const running = (name: string, more: Fields = {}) => ({ name, ready: true, state: { running: {} }, ...more });
const waiting = (name: string, reason: string) => ({ name, ready: false, state: { waiting: { reason } } });
const ended = (name: string, terminated: Fields) => ({ name, ready: false, state: { terminated } });
const initSpec = { initContainers: [{ name: "i" }, { name: "j" }] };
const sidecarSpec = { initContainers: [{ name: "s", restartPolicy: "Always" }] };
const ready = [{ type: "Ready", status: "True" }];
const initialized = [{ type: "Initialized", status: "True" }];

it.each<[string, string, ReturnType<typeof pod>]>([
  ["Pending", "0/2", pod({ phase: "Pending" })],
  ["Running", "2/2", pod({ containerStatuses: [running("a"), running("b")] })],
  [
    "ContainerCreating",
    "0/2",
    pod({ phase: "Pending", containerStatuses: [waiting("a", "ContainerCreating"), waiting("b", "Other")] }),
  ],
  ["CrashLoopBackOff", "1/2", pod({ containerStatuses: [running("a"), waiting("b", "CrashLoopBackOff")] })],
  ["ImagePullBackOff", "0/2", pod({ containerStatuses: [waiting("a", "ImagePullBackOff")] })],
  [
    "Error",
    "0/2",
    pod({ phase: "Failed", containerStatuses: [ended("a", { exitCode: 1, reason: "Error" })] }),
  ],
  ["ExitCode:3", "0/2", pod({ phase: "Failed", containerStatuses: [ended("a", { exitCode: 3 })] })],
  [
    "Signal:9",
    "0/2",
    pod({ phase: "Failed", containerStatuses: [ended("a", { exitCode: 137, signal: 9 })] }),
  ],
  [
    "Completed",
    "0/2",
    pod({ phase: "Succeeded", containerStatuses: [ended("a", { exitCode: 0, reason: "Completed" })] }),
  ],
  [
    "NotReady",
    "1/2",
    pod({ containerStatuses: [ended("a", { exitCode: 0, reason: "Completed" }), running("b")] }),
  ],
  [
    "Running",
    "1/2",
    pod({
      conditions: ready,
      containerStatuses: [ended("a", { exitCode: 0, reason: "Completed" }), running("b")],
    }),
  ],
  ["Evicted", "0/2", pod({ phase: "Failed", reason: "Evicted" })],
  [
    "SchedulingGated",
    "0/2",
    pod({
      phase: "Pending",
      conditions: [{ type: "PodScheduled", status: "False", reason: "SchedulingGated" }],
    }),
  ],
  [
    "Init:0/2",
    "0/2",
    pod({ phase: "Pending", initContainerStatuses: [running("i", { ready: false })] }, initSpec),
  ],
  [
    "Init:1/2",
    "0/2",
    pod(
      {
        phase: "Pending",
        initContainerStatuses: [ended("i", { exitCode: 0 }), waiting("j", "PodInitializing")],
        containerStatuses: [waiting("a", "PodInitializing")],
      },
      initSpec,
    ),
  ],
  [
    "Init:Error",
    "0/2",
    pod(
      { phase: "Pending", initContainerStatuses: [ended("i", { exitCode: 1, reason: "Error" })] },
      initSpec,
    ),
  ],
  [
    "Init:ExitCode:2",
    "0/2",
    pod({ phase: "Pending", initContainerStatuses: [ended("i", { exitCode: 2 })] }, initSpec),
  ],
  [
    "Init:CrashLoopBackOff",
    "0/2",
    pod({ phase: "Pending", initContainerStatuses: [waiting("i", "CrashLoopBackOff")] }, initSpec),
  ],
  [
    "Running",
    "3/3",
    pod(
      {
        initContainerStatuses: [running("s", { started: true })],
        containerStatuses: [running("a"), running("b")],
      },
      sidecarSpec,
    ),
  ],
  [
    "Init:CrashLoopBackOff",
    "2/3",
    pod(
      {
        conditions: initialized,
        initContainerStatuses: [waiting("s", "CrashLoopBackOff")],
        containerStatuses: [running("a"), running("b")],
      },
      sidecarSpec,
    ),
  ],
  [
    "Terminating",
    "2/2",
    pod(
      { containerStatuses: [running("a"), running("b")] },
      {},
      { deletionTimestamp: "2026-01-02T03:04:05Z" },
    ),
  ],
  ["Unknown", "0/2", pod({ reason: "NodeLost" }, {}, { deletionTimestamp: "2026-01-02T03:04:05Z" })],
  [
    "Completed",
    "0/2",
    pod(
      { phase: "Succeeded", containerStatuses: [ended("a", { exitCode: 0, reason: "Completed" })] },
      {},
      { deletionTimestamp: "2026-01-02T03:04:05Z" },
    ),
  ],
])("%s %s", (status, readyText, object) => {
  const summary = podSummary(object);
  expect([summary.status, `${summary.ready}/${summary.total}`]).toEqual([status, readyText]);
});

it("counts restarts of containers and sidecars, and tells the last", () => {
  const restarted = (count: number, finishedAt: string) => ({
    restartCount: count,
    lastState: { terminated: { finishedAt } },
  });
  const summary = podSummary(
    pod(
      {
        initContainerStatuses: [running("s", { started: true, ...restarted(1, "2026-01-01T00:00:03Z") })],
        containerStatuses: [
          running("a", restarted(2, "2026-01-01T00:00:09Z")),
          running("b", { restartCount: 0 }),
        ],
      },
      sidecarSpec,
    ),
  );
  expect(summary).toMatchObject({ restarts: 3, lastRestart: "2026-01-01T00:00:09Z" });
});
