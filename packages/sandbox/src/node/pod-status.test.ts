import { expect, test } from "vitest";
import type { ContainerState, Terminated } from "./container-runner.ts";
import { podStatus } from "./pod-status.ts";

const at = new Date("2026-01-01T00:00:00Z");
const running = (ready: boolean): ContainerState => ({ kind: "running", startedAt: at, ready });
const ended = (exitCode: number): Terminated => ({
  kind: "terminated",
  exitCode,
  reason: exitCode === 0 ? "Completed" : "Error",
  message: "",
  startedAt: at,
  finishedAt: at,
});
const creating: ContainerState = { kind: "waiting", reason: "ContainerCreating" };
const crashed: ContainerState = { kind: "waiting", reason: "CrashLoopBackOff", message: "woe" };

function statusOf(states: readonly ContainerState[], last?: Terminated) {
  const containers = states.map((state, index) => ({
    name: `c${index}`,
    image: "nginx",
    state,
    restartCount: 0,
    ...(last === undefined ? {} : { last }),
  }));
  return podStatus({ addresses: ["10.244.0.1", "fd00:10:244::1"], startTime: at, containers }) as {
    readonly phase: string;
    readonly conditions: readonly { readonly type: string; readonly status: string }[];
  };
}

test.each([
  ["Pending", "False", [creating]],
  ["Pending", "False", [running(true), creating]],
  ["Running", "False", [running(false)]],
  ["Running", "True", [running(true), running(true)]],
  ["Running", "False", [running(true), ended(0)]],
  ["Succeeded", "False", [ended(0), ended(0)]],
  ["Failed", "False", [ended(0), ended(1)]],
] as const)("phase %s, Ready %s", (phase, ready, states) => {
  const status = statusOf(states);
  expect(status.phase).toBe(phase);
  expect(status.conditions.find(({ type }) => type === "Ready")?.status).toBe(ready);
});

test("a container between two lives still counts as begun, and its former life is told", () => {
  expect(statusOf([crashed], ended(3))).toMatchObject({
    phase: "Running",
    podIP: "10.244.0.1",
    podIPs: [{ ip: "10.244.0.1" }, { ip: "fd00:10:244::1" }],
    containerStatuses: [
      {
        ready: false,
        state: { waiting: { reason: "CrashLoopBackOff", message: "woe" } },
        lastState: { terminated: { exitCode: 3, reason: "Error", startedAt: "2026-01-01T00:00:00.000Z" } },
      },
    ],
  });
});

test("a pod without a network is Pending and says why", () => {
  const view = { addresses: [], startTime: at, containers: [], networkError: "no room" };
  expect(podStatus(view)).toMatchObject({ phase: "Pending", reason: "NetworkNotReady", message: "no room" });
  expect(podStatus(view)).not.toHaveProperty("podIP");
});
