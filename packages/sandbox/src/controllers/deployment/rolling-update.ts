import type { Deployment, ReplicaSet } from "../objects/workload.ts";
import { allOf, type DeploymentScope, type Revisions, replicasOf, sum, wanted } from "./deployment-scope.ts";
import { newReplicas } from "./new-replicaset.ts";
import { rolloutLimits } from "./rollout-limits.ts";
import { scaleReplicaSet } from "./scale-replicaset.ts";

/**
 * One step of a rolling update: the new ReplicaSet grows as far as maxSurge lets it; or else the old ones shrink, those
 * pods first that are not available anyway, as far as maxUnavailable lets them.
 */
export async function rollingUpdate(
  scope: DeploymentScope,
  deployment: Deployment,
  revisions: Revisions & { readonly current: ReplicaSet },
): Promise<void> {
  const { current } = revisions;
  const replicas = wanted(deployment);
  const target = replicasOf(current) > replicas ? replicas : newReplicas(deployment, revisions);
  if (await scaleReplicaSet(scope, deployment, current, target)) return;
  for (const { set, size } of shrunk(deployment, revisions))
    await scaleReplicaSet(scope, deployment, set, size);
}

/** The sizes of old ReplicaSets that may have fewer pods now. */
function shrunk(
  deployment: Deployment,
  revisions: Revisions & { readonly current: ReplicaSet },
): readonly { readonly set: ReplicaSet; readonly size: number }[] {
  const { current, old } = revisions;
  const least = wanted(deployment) - rolloutLimits(deployment).maxUnavailable;
  const newUnavailable = replicasOf(current) - availableOf(current);
  const budget = sum(allOf(revisions), replicasOf) - least - newUnavailable;
  if (budget <= 0) return [];
  const sizes = new Map(old.map((set) => [set, replicasOf(set)]));
  const take = (set: ReplicaSet, count: number) => {
    sizes.set(set, sizes.get(set)! - count);
    return count;
  };
  let unhealthy = budget;
  for (const set of old)
    unhealthy -= take(set, Math.min(unhealthy, Math.max(0, replicasOf(set) - availableOf(set))));
  let surplus = sum(allOf(revisions), availableOf) - least;
  for (const set of old) if (surplus > 0) surplus -= take(set, Math.min(surplus, sizes.get(set)!));
  return old
    .map((set) => ({ set, size: sizes.get(set)! }))
    .filter(({ set, size }) => size !== replicasOf(set));
}

const availableOf = ({ status }: ReplicaSet): number => status?.availableReplicas ?? 0;
