import type { Deployment, ReplicaSet } from "../objects/workload.ts";

export const revisionAnnotation = "deployment.kubernetes.io/revision";
const historyAnnotation = "deployment.kubernetes.io/revision-history";
export const desiredAnnotation = "deployment.kubernetes.io/desired-replicas";
export const maxAnnotation = "deployment.kubernetes.io/max-replicas";

const own = [
  revisionAnnotation,
  historyAnnotation,
  desiredAnnotation,
  maxAnnotation,
  "kubectl.kubernetes.io/last-applied-configuration",
  "deprecated.deployment.rollback.to",
];

export function revisionOf({ metadata }: ReplicaSet | Deployment): number {
  return Number(metadata.annotations?.[revisionAnnotation] ?? 0) || 0;
}

/** The annotations of the ReplicaSet of the present template, which is the newest revision whatever it was before. */
export function currentAnnotations(
  deployment: Deployment,
  current: ReplicaSet | undefined,
  old: readonly ReplicaSet[],
): Readonly<Record<string, string>> {
  const former = current?.metadata.annotations ?? {};
  const copied = Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => !own.includes(key));
  const newest = Math.max(0, ...old.map(revisionOf)) + 1;
  const before = current === undefined ? 0 : revisionOf(current);
  const annotations = { ...former, ...Object.fromEntries(copied) };
  if (before >= newest) return annotations;
  const history = [former[historyAnnotation], before > 0 ? String(before) : undefined].filter(Boolean).join();
  return {
    ...annotations,
    [revisionAnnotation]: String(newest),
    ...(history === "" ? {} : { [historyAnnotation]: history }),
  };
}
