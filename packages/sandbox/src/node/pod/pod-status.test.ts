import { expect, test } from "vitest";
import type { ContainerState, Terminated } from "../container/container-state.ts";
import type { ContainerView } from "../container/container-status.ts";
import { type PodView, podStatus } from "./pod-status.ts";
import type { RestartPolicy } from "./raw-pod.ts";

const at = new Date("2026-01-01T00:00:00Z");
const running: ContainerState = { kind: "running", startedAt: at };
const ended = (exitCode: number): Terminated => ({
  kind: "terminated",
  id: "old",
  exitCode,
  reason: exitCode === 0 ? "Completed" : "Error",
  message: "",
  startedAt: at,
  finishedAt: at,
});
const creating: ContainerState = { kind: "waiting", reason: "ContainerCreating" };
const crashed: ContainerState = { kind: "waiting", reason: "CrashLoopBackOff", message: "woe" };

function container(state: ContainerState, more: Partial<ContainerView> = {}): ContainerView {
  const started = state.kind === "running";
  return {
    name: "c",
    image: "nginx",
    state,
    restartCount: 0,
    id: "new",
    started,
    ready: started,
    sidecar: false,
    ...more,
  };
}

function podView(
  containers: readonly ContainerView[],
  more: Partial<PodView> = {},
  policy?: RestartPolicy,
): PodView {
  const metadata = { name: "web", namespace: "shop", generation: 2 };
  const spec = { containers: [{ name: "c" }], ...(policy === undefined ? {} : { restartPolicy: policy }) };
  return {
    pod: { apiVersion: "v1", kind: "Pod", metadata, spec },
    addresses: ["10.244.0.1", "fd00:10:244::1"],
    startTime: at,
    containers,
    initContainers: [],
    ...more,
  };
}

const conditionOf = (status: ReturnType<typeof podStatus>, type: string) =>
  status.conditions.find((each) => each.type === type);

test.each([
  ["Pending", "False", "Always", [container(creating)]],
  ["Pending", "False", "Always", [container(running), container(creating)]],
  ["Running", "False", "Always", [container(running, { ready: false })]],
  ["Running", "True", "Always", [container(running), container(running)]],
  ["Running", "False", "Never", [container(running), container(ended(0))]],
  ["Running", "False", "Always", [container(crashed, { last: ended(1) })]],
  ["Succeeded", "False", "Never", [container(ended(0)), container(ended(0))]],
  ["Succeeded", "False", "OnFailure", [container(ended(0))]],
  ["Failed", "False", "Never", [container(ended(0)), container(ended(1))]],
  ["Running", "False", "OnFailure", [container(ended(0)), container(crashed, { last: ended(1) })]],
] as const)("phase %s, Ready %s with policy %s", (phase, ready, policy, containers) => {
  const status = podStatus(podView(containers, {}, policy), [], at);
  expect(status.phase).toBe(phase);
  expect(conditionOf(status, "Ready")?.status).toBe(ready);
});

test("a container between two lives counts as begun, and its former life is told", () => {
  expect(podStatus(podView([container(crashed, { last: ended(3), restartCount: 1 })]), [], at)).toMatchObject(
    {
      observedGeneration: 2,
      phase: "Running",
      podIP: "10.244.0.1",
      podIPs: [{ ip: "10.244.0.1" }, { ip: "fd00:10:244::1" }],
      qosClass: "BestEffort",
      startTime: "2026-01-01T00:00:00Z",
      containerStatuses: [
        {
          ready: false,
          started: false,
          restartCount: 1,
          containerID: "portcullis://old",
          state: { waiting: { reason: "CrashLoopBackOff", message: "woe" } },
          lastState: { terminated: { exitCode: 3, reason: "Error", startedAt: "2026-01-01T00:00:00Z" } },
        },
      ],
    },
  );
});

test("init containers hold the others back; a sidecar has to be ready too", () => {
  const waiting = podView([container({ kind: "waiting", reason: "PodInitializing" })], {
    initContainers: [container(ended(0), { name: "one" }), container(running, { name: "two" })],
  });
  expect(conditionOf(podStatus(waiting, [], at), "Initialized")).toMatchObject({
    status: "False",
    reason: "ContainersNotInitialized",
    message: "containers with incomplete status: [two]",
  });
  const sidecar = container(running, { name: "side", sidecar: true, ready: false });
  const served = podStatus(podView([container(running)], { initContainers: [sidecar] }), [], at);
  expect(served.phase).toBe("Running");
  expect(conditionOf(served, "Initialized")?.status).toBe("True");
  expect(conditionOf(served, "Ready")?.message).toBe("containers with unready status: [side]");
});

test("an init container that failed for good fails the pod", () => {
  const initContainers = [container(ended(1), { name: "init" })];
  const containers = [container({ kind: "waiting", reason: "PodInitializing" })];
  expect(podStatus(podView(containers, { initContainers }, "Never"), [], at).phase).toBe("Failed");
  expect(podStatus(podView(containers, { initContainers }, "Always"), [], at).phase).toBe("Pending");
});

test("a condition keeps its time until it changes; those of others are left alone, and can be asked for", () => {
  const first = podStatus(podView([container(creating)]), [], at);
  const gate = { type: "example.com/gate", status: "False" };
  const later = new Date("2026-01-01T00:01:00Z");
  const view = podView([container(running)]);
  const spec = { ...view.pod.spec, readinessGates: [{ conditionType: gate.type }] };
  const second = podStatus({ ...view, pod: { ...view.pod, spec } }, [...first.conditions, gate], later);
  expect(conditionOf(second, "ContainersReady")?.lastTransitionTime).toBe("2026-01-01T00:01:00Z");
  expect(conditionOf(second, "PodScheduled")?.lastTransitionTime).toBe("2026-01-01T00:00:00Z");
  expect(conditionOf(second, "Ready")).toMatchObject({ status: "False", reason: "ReadinessGatesNotReady" });
  expect(second.conditions).toContainEqual(gate);
});

test("a deadline fails the pod; a deletion leaves it succeeded or failed by its containers", () => {
  const failure = { reason: "DeadlineExceeded", message: "late" };
  expect(podStatus(podView([container(ended(0))], { failure }), [], at)).toMatchObject({
    phase: "Failed",
    ...failure,
  });
  expect(podStatus(podView([container(ended(0))], { deleted: true }), [], at).phase).toBe("Succeeded");
  expect(podStatus(podView([container(ended(143))], { deleted: true }), [], at).phase).toBe("Failed");
});

test("a pod without a network is Pending and says why", () => {
  const status = podStatus(
    podView([container(creating)], { addresses: [], networkError: "no room" }),
    [],
    at,
  );
  expect(status).toMatchObject({ phase: "Pending", reason: "NetworkNotReady", message: "no room" });
  expect(status).not.toHaveProperty("podIP");
});
