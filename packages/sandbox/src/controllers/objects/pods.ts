import type { Condition, PodObject } from "./workload.ts";

/** Not finished, and not on its way out. */
export function isActive(pod: PodObject): boolean {
  return !isFinished(pod) && pod.metadata.deletionTimestamp === undefined;
}

export function isFinished({ status }: PodObject): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}

function readyCondition({ status }: PodObject): Condition | undefined {
  return status?.conditions?.find(({ type }) => type === "Ready");
}

export function isReady(pod: PodObject): boolean {
  return readyCondition(pod)?.status === "True";
}

/** Milliseconds until a ready pod has been so for long enough; 0 when it is available, undefined when it is not ready. */
export function untilAvailable(pod: PodObject, minReadySeconds: number, now: number): number | undefined {
  if (!isReady(pod)) return undefined;
  if (minReadySeconds === 0) return 0;
  const since = Date.parse(readyCondition(pod)?.lastTransitionTime ?? "");
  return Math.max(0, (Number.isNaN(since) ? now : since) + minReadySeconds * 1000 - now);
}

/**
 * Which pods to give up first: those without a node, then by phase, unready ones, cheaper ones
 * (`controller.kubernetes.io/pod-deletion-cost`), those ready for a shorter time, more often restarted ones, younger
 * ones. (Kubernetes documentation, "ReplicaSet", "Scaling a ReplicaSet".)
 */
export function byDeletionRank(a: PodObject, b: PodObject): number {
  for (const rank of ranks) {
    const difference = rank(a) - rank(b);
    if (difference !== 0) return difference;
  }
  return a.metadata.name < b.metadata.name ? -1 : 1;
}

const phases: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

const ranks: readonly ((pod: PodObject) => number)[] = [
  ({ spec }) => (spec.nodeName ? 1 : 0),
  ({ status }) => phases[status?.phase ?? "Pending"] ?? 1,
  (pod) => (isReady(pod) ? 1 : 0),
  ({ metadata }) => Number(metadata.annotations?.["controller.kubernetes.io/pod-deletion-cost"] ?? 0) || 0,
  (pod) => (isReady(pod) ? -time(readyCondition(pod)?.lastTransitionTime) : 0),
  ({ status }) => -Math.max(0, ...(status?.containerStatuses ?? []).map((each) => each.restartCount ?? 0)),
  ({ metadata }) => -time(metadata.creationTimestamp),
];

function time(text: string | undefined): number {
  return Date.parse(text ?? "") || 0;
}
