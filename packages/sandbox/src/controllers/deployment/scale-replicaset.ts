import { resources } from "@portcullis/kube";
import { sameJson } from "../objects/same-json.ts";
import type { Deployment, ReplicaSet } from "../objects/workload.ts";
import { type DeploymentScope, replicasOf } from "./deployment-scope.ts";
import { sizeAnnotations } from "./new-replicaset.ts";

/** Gives the ReplicaSet this many pods; true when it had another number. */
export async function scaleReplicaSet(
  { context, tell }: DeploymentScope,
  deployment: Deployment,
  set: ReplicaSet,
  replicas: number,
): Promise<boolean> {
  const before = replicasOf(set);
  const annotations = { ...set.metadata.annotations, ...sizeAnnotations(deployment) };
  if (before === replicas && sameJson(annotations, set.metadata.annotations)) return false;
  await context.caches.update(resources.replicasets, {
    ...set,
    metadata: { ...set.metadata, annotations },
    spec: { ...set.spec, replicas },
  });
  if (before === replicas) return false;
  const direction = replicas > before ? "up" : "down";
  const message = `Scaled ${direction} replica set ${set.metadata.name} from ${before} to ${replicas}`;
  tell(deployment, "Normal", "ScalingReplicaSet", message);
  return true;
}
