import type { ContainerView } from "../container/container-status.ts";
import type { PodView } from "./pod-status.ts";

export type PodPhase = "Pending" | "Running" | "Succeeded" | "Failed";

/** As the API reference defines the phases (PodStatus.phase). */
export function podPhase({
  pod,
  containers,
  initContainers,
  failure,
  deleted,
  networkError,
}: PodView): PodPhase {
  if (failure !== undefined) return "Failed";
  if (networkError !== undefined || containers.length === 0) return "Pending";
  const { restartPolicy = "Always" } = pod.spec;
  const final = deleted === true ? "Never" : restartPolicy;
  if (final === "Never" && initContainers.some((each) => !each.sidecar && exitCode(each) > 0))
    return "Failed";
  if (!initialized(initContainers)) return deleted === true ? "Failed" : "Pending";
  if (containers.some(({ state, last }) => state.kind === "waiting" && last === undefined))
    return deleted === true ? "Failed" : "Pending";
  if (containers.some(({ state }) => state.kind === "running")) return "Running";
  if (final === "Always") return "Running";
  const codes = containers.map(exitCode);
  if (codes.every((code) => code === 0)) return "Succeeded";
  return final === "Never" && codes.every((code) => code >= 0) ? "Failed" : "Running";
}

/** Whether every init container has done its work, or as a sidecar has started. */
export function initialized(initContainers: readonly ContainerView[]): boolean {
  return initContainers.every((each) => initDone(each));
}

export function initDone({ sidecar, started, state, last }: ContainerView): boolean {
  if (sidecar) return started || state.kind === "terminated" || last !== undefined;
  return state.kind === "terminated" && state.exitCode === 0;
}

/** -1 while there is none. */
function exitCode({ state, last }: ContainerView): number {
  if (state.kind === "terminated") return state.exitCode;
  return state.kind === "waiting" && last !== undefined ? last.exitCode : -1;
}
