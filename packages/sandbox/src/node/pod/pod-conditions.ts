import { timestamp } from "../../events/event-object.ts";
import type { ContainerView } from "../container/container-status.ts";
import { initDone, initialized, type PodPhase } from "./pod-phase.ts";
import type { PodView } from "./pod-status.ts";
import type { RawCondition } from "./raw-pod.ts";

interface Finding {
  readonly met: boolean;
  readonly reason?: string;
  readonly message?: string;
}

/** The conditions that a kubelet keeps, and those that others put there. Unchanged ones keep their time. */
export function podConditions(
  view: PodView,
  phase: PodPhase,
  former: readonly RawCondition[],
  now: Date,
): readonly RawCondition[] {
  const containers = containersReady(view.containers, view.initContainers, phase);
  const findings: Readonly<Record<string, Finding>> = {
    PodReadyToStartContainers: { met: view.addresses.length > 0 && view.deleted !== true },
    Initialized: initializedCondition(view.initContainers, phase),
    Ready: containers.met ? gates(view, former) : containers,
    ContainersReady: containers,
    PodScheduled: { met: true },
  };
  const own = Object.entries(findings).map(([type, { met, ...why }]): RawCondition => {
    const status = met ? "True" : "False";
    const before = former.find((each) => each.type === type);
    const unchanged = before?.status === status ? before.lastTransitionTime : undefined;
    return { type, status, lastTransitionTime: unchanged ?? timestamp(now), ...why };
  });
  return [...own, ...former.filter(({ type }) => !Object.hasOwn(findings, type))];
}

function initializedCondition(initContainers: readonly ContainerView[], phase: PodPhase): Finding {
  if (phase === "Succeeded") return { met: true, reason: "PodCompleted" };
  if (initialized(initContainers)) return { met: true };
  const waiting = initContainers.filter((each) => !initDone(each)).map(({ name }) => name);
  return {
    met: false,
    reason: "ContainersNotInitialized",
    message: `containers with incomplete status: [${waiting.join(" ")}]`,
  };
}

function containersReady(
  containers: readonly ContainerView[],
  initContainers: readonly ContainerView[],
  phase: PodPhase,
): Finding {
  if (phase === "Succeeded") return { met: false, reason: "PodCompleted" };
  if (phase === "Failed") return { met: false, reason: "PodFailed" };
  const lasting = [...initContainers.filter(({ sidecar }) => sidecar), ...containers];
  const unready = lasting.filter(({ ready }) => !ready).map(({ name }) => name);
  if (unready.length === 0 && containers.length > 0) return { met: true };
  return {
    met: false,
    reason: "ContainersNotReady",
    message: `containers with unready status: [${unready.join(" ")}]`,
  };
}

/** Conditions that somebody else has to meet before the pod is ready (PodSpec.readinessGates). */
function gates({ pod }: PodView, former: readonly RawCondition[]): Finding {
  const missing = (pod.spec.readinessGates ?? []).flatMap(({ conditionType: type }) => {
    const found = former.find((each) => each.type === type);
    if (found?.status === "True") return [];
    return found === undefined
      ? [`corresponding condition of pod readiness gate "${type}" does not exist.`]
      : [`the status of pod readiness gate "${type}" is not "True", but ${found.status}`];
  });
  if (missing.length === 0) return { met: true };
  return { met: false, reason: "ReadinessGatesNotReady", message: missing.join(", ") };
}
