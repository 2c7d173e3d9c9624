import { isReady, untilAvailable } from "../objects/pods.ts";
import { isDeleting, type PodObject } from "../objects/workload.ts";
import { revisionLabel } from "../revisions/controller-revisions.ts";
import type { StatefulSet } from "./statefulset-object.ts";

/** apps/v1 StatefulSetStatus. The update's revision becomes the current one when every pod is of it and ready. */
export function statefulSetStatus(
  set: StatefulSet,
  pods: readonly PodObject[],
  current: string,
  update: string,
  now: number = Date.now(),
) {
  const { replicas: wanted = 1, minReadySeconds = 0 } = set.spec;
  const staying = pods.filter((pod) => !isDeleting(pod));
  const of = (revision: string) =>
    staying.filter(({ metadata }) => metadata.labels?.[revisionLabel] === revision).length;
  const ready = staying.filter((pod) => pod.status?.phase === "Running" && isReady(pod));
  const updated = of(update);
  const done = updated === wanted && staying.length === wanted && ready.length === wanted;
  const currentRevision = done ? update : current;
  const currentReplicas = of(currentRevision);
  return {
    observedGeneration: set.metadata.generation ?? 0,
    replicas: pods.length,
    ...(ready.length > 0 ? { readyReplicas: ready.length } : {}),
    ...(currentReplicas > 0 ? { currentReplicas } : {}),
    ...(updated > 0 ? { updatedReplicas: updated } : {}),
    currentRevision,
    updateRevision: update,
    collisionCount: 0,
    availableReplicas: ready.filter((pod) => untilAvailable(pod, minReadySeconds, now) === 0).length,
  };
}
