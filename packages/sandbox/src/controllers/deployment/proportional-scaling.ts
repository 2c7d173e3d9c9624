import type { Deployment, ReplicaSet } from "../objects/workload.ts";
import { allOf, type DeploymentScope, type Revisions, replicasOf, sum, wanted } from "./deployment-scope.ts";
import { desiredAnnotation, maxAnnotation } from "./revision-annotations.ts";
import { rolloutLimits } from "./rollout-limits.ts";
import { scaleReplicaSet } from "./scale-replicaset.ts";

/** Whether the Deployment's size has changed since its ReplicaSets were given theirs. */
export function isBeingScaled(deployment: Deployment, sets: readonly ReplicaSet[]): boolean {
  return sets.some((set) => {
    const desired = set.metadata.annotations?.[desiredAnnotation];
    return replicasOf(set) > 0 && desired !== undefined && Number(desired) !== wanted(deployment);
  });
}

/**
 * Gives ReplicaSets their share of the Deployment's new size. One alone gets it all; in the middle of a rolling update
 * each grows or shrinks in proportion, the largest one takes what rounding leaves.
 */
export async function scaleInProportion(
  scope: DeploymentScope,
  deployment: Deployment,
  revisions: Revisions,
): Promise<void> {
  const replicas = wanted(deployment);
  const active = allOf(revisions).filter((set) => replicasOf(set) > 0);
  const only = active.length === 0 ? (revisions.current ?? revisions.old.at(-1)) : active[0];
  if (active.length <= 1) {
    if (only !== undefined) await scaleReplicaSet(scope, deployment, only, replicas);
    return;
  }
  const sizes = isSaturated(deployment, revisions.current)
    ? active.map((set) => ({ set, size: set === revisions.current ? replicas : 0 }))
    : proportionalSizes(deployment, active);
  for (const { set, size } of sizes) await scaleReplicaSet(scope, deployment, set, size);
}

function isSaturated(deployment: Deployment, current: ReplicaSet | undefined): boolean {
  const replicas = wanted(deployment);
  return (
    current !== undefined &&
    replicasOf(current) === replicas &&
    (current.status?.availableReplicas ?? 0) === replicas
  );
}

/** @param active Oldest first, the present template's last. */
export function proportionalSizes(
  deployment: Deployment,
  active: readonly ReplicaSet[],
): readonly { readonly set: ReplicaSet; readonly size: number }[] {
  const replicas = wanted(deployment);
  if (deployment.spec.strategy?.type === "Recreate")
    return active.map((set) => ({ set, size: replicasOf(set) }));
  const allowed = replicas > 0 ? replicas + rolloutLimits(deployment).maxSurge : 0;
  const toAdd = allowed - sum(active, replicasOf);
  // Of equal ones the newer grows first and the older shrinks first; sorting is stable.
  const ordered = (toAdd > 0 ? [...active].reverse() : [...active]).sort(
    (a, b) => replicasOf(b) - replicasOf(a),
  );
  let left = toAdd;
  const sizes = ordered.map((set) => {
    const share = shareOf(deployment, set, allowed);
    const taken = toAdd > 0 ? Math.min(share, left) : Math.max(share, left);
    left -= taken;
    return { set, size: replicasOf(set) + taken };
  });
  return sizes.map(({ set, size }, index) => ({ set, size: Math.max(0, index === 0 ? size + left : size) }));
}

/** By how much the ReplicaSet would grow if its share of the whole stayed the same. */
function shareOf(deployment: Deployment, set: ReplicaSet, allowed: number): number {
  if (allowed === 0) return -replicasOf(set);
  const annotated = Number(set.metadata.annotations?.[maxAnnotation]) || (deployment.status?.replicas ?? 0);
  return annotated === 0 ? 0 : Math.round((replicasOf(set) * allowed) / annotated) - replicasOf(set);
}
