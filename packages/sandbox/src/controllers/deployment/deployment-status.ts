import { findCondition, withoutCondition } from "../objects/conditions.ts";
import type { Deployment, DeploymentStatus } from "../objects/workload.ts";
import { type Conditions, progressing, replaceCondition, setCondition } from "./deployment-conditions.ts";
import { allOf, type Revisions, replicasOf, sum, wanted } from "./deployment-scope.ts";
import { rolloutLimits } from "./rollout-limits.ts";

/** apps/v1 DeploymentStatus, with the condition of availability; that of progress is `withProgress`'s. */
export function deploymentStatus(
  deployment: Deployment,
  revisions: Revisions,
  conditions: Conditions,
  now: Date,
): DeploymentStatus {
  const sets = allOf(revisions);
  const available = sum(sets, ({ status }) => status?.availableReplicas ?? 0);
  const counts = {
    replicas: sum(sets, ({ status }) => status?.replicas ?? 0),
    updatedReplicas: revisions.current?.status?.replicas ?? 0,
    readyReplicas: sum(sets, ({ status }) => status?.readyReplicas ?? 0),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, sum(sets, replicasOf) - available),
  };
  const { collisionCount } = deployment.status ?? {};
  return {
    observedGeneration: deployment.metadata.generation ?? 0,
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
    ...(collisionCount === undefined ? {} : { collisionCount }),
    conditions: setCondition(
      withReplicaFailure(conditions, revisions),
      availability(deployment, available),
      now,
    ),
  };
}

function availability(deployment: Deployment, available: number) {
  const enough = available >= wanted(deployment) - rolloutLimits(deployment).maxUnavailable;
  return enough
    ? ({
        type: "Available",
        status: "True",
        reason: "MinimumReplicasAvailable",
        message: "Deployment has minimum availability.",
      } as const)
    : ({
        type: "Available",
        status: "False",
        reason: "MinimumReplicasUnavailable",
        message: "Deployment does not have minimum availability.",
      } as const);
}

/** That of a ReplicaSet is the Deployment's too. */
function withReplicaFailure(conditions: Conditions, revisions: Revisions): Conditions {
  const failure = [...allOf(revisions)]
    .reverse()
    .map(({ status }) => findCondition(status?.conditions, "ReplicaFailure"))
    .find((condition) => condition !== undefined);
  const others = withoutCondition(conditions, "ReplicaFailure");
  return failure === undefined ? others : [...others, failure];
}

/** Whether all of the new template's pods are there, are available, and are the only ones. */
export function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const replicas = wanted(deployment);
  return (
    (status.updatedReplicas ?? 0) === replicas &&
    (status.replicas ?? 0) === replicas &&
    (status.availableReplicas ?? 0) === replicas &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
}

/** The status with what it says of the progress, judged by how it differs from the former one. */
export function withProgress(
  deployment: Deployment,
  status: DeploymentStatus,
  revisions: Revisions,
  now: Date,
): DeploymentStatus {
  const conditions = status.conditions ?? [];
  if (deployment.spec.progressDeadlineSeconds === undefined)
    return { ...status, conditions: withoutCondition(conditions, "Progressing") };
  const former = findCondition(conditions, "Progressing");
  const settled = (status.replicas ?? 0) === (status.updatedReplicas ?? 0);
  if (settled && former?.reason === "NewReplicaSetAvailable") return status;
  const { current } = revisions;
  const subject =
    current === undefined
      ? `Deployment "${deployment.metadata.name}"`
      : `ReplicaSet "${current.metadata.name}"`;
  if (isComplete(deployment, status)) {
    const news = progressing("True", "NewReplicaSetAvailable", `${subject} has successfully progressed.`);
    return { ...status, conditions: setCondition(conditions, news, now) };
  }
  if (hasMoved(deployment.status ?? {}, status)) {
    const news = progressing("True", "ReplicaSetUpdated", `${subject} is progressing.`);
    return { ...status, conditions: replaceCondition(conditions, news, now) };
  }
  if (untilTimeout(deployment, status, now) === 0) {
    const news = progressing("False", "ProgressDeadlineExceeded", `${subject} has timed out progressing.`);
    return { ...status, conditions: setCondition(conditions, news, now) };
  }
  return status;
}

function hasMoved(before: DeploymentStatus, after: DeploymentStatus): boolean {
  const old = ({ replicas = 0, updatedReplicas = 0 }: DeploymentStatus) => replicas - updatedReplicas;
  return (
    (after.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    old(after) < old(before) ||
    (after.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (after.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}

/** Milliseconds until no progress counts as failure; undefined when there is nothing to wait for. */
export function untilTimeout({ spec }: Deployment, status: DeploymentStatus, now: Date): number | undefined {
  const condition = findCondition(status.conditions, "Progressing");
  const { progressDeadlineSeconds } = spec;
  if (condition === undefined || progressDeadlineSeconds === undefined || spec.paused === true)
    return undefined;
  if (condition.reason === "NewReplicaSetAvailable" || condition.reason === "ProgressDeadlineExceeded")
    return undefined;
  const since = Date.parse(condition.lastUpdateTime ?? "") || now.getTime();
  return Math.max(0, since + progressDeadlineSeconds * 1000 - now.getTime());
}
