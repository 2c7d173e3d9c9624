import { findCondition, withCondition, withoutCondition } from "../objects/conditions.ts";
import { isReady, untilAvailable } from "../objects/pods.ts";
import { selectorMatches } from "../objects/selector.ts";
import type { PodObject, ReplicaSet, ReplicaSetStatus } from "../objects/workload.ts";

/** apps/v1 ReplicaSetStatus. @param pods The active ones. */
export function replicaSetStatus(
  set: ReplicaSet,
  pods: readonly PodObject[],
  failure?: { readonly reason: string; readonly error: Error },
  now: Date = new Date(),
): ReplicaSetStatus {
  const { spec, status, metadata } = set;
  const labels = spec.template.metadata?.labels ?? {};
  const labeled = pods.filter((pod) => selectorMatches({ matchLabels: labels }, pod.metadata.labels));
  const available = pods.filter((pod) => untilAvailable(pod, spec.minReadySeconds ?? 0, now.getTime()) === 0);
  const conditions = conditionsOf(status?.conditions, failure, now);
  return {
    replicas: pods.length,
    ...positive("fullyLabeledReplicas", labeled.length),
    ...positive("readyReplicas", pods.filter(isReady).length),
    ...positive("availableReplicas", available.length),
    observedGeneration: metadata.generation ?? 0,
    ...(conditions.length > 0 ? { conditions } : {}),
  };
}

function conditionsOf(
  former: ReplicaSetStatus["conditions"],
  failure: { readonly reason: string; readonly error: Error } | undefined,
  now: Date,
) {
  if (failure === undefined) return withoutCondition(former, "ReplicaFailure");
  if (findCondition(former, "ReplicaFailure")?.reason === failure.reason) return former ?? [];
  const { reason, error } = failure;
  return withCondition(
    former,
    { type: "ReplicaFailure", status: "True", reason, message: error.message },
    now,
  );
}

/** Counts of zero are left out, as the API does. */
function positive<Name extends string>(name: Name, count: number): { readonly [key in Name]?: number } {
  return (count > 0 ? { [name]: count } : {}) as { readonly [key in Name]?: number };
}
