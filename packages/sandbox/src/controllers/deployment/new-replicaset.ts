import { isReason, type KubeObject, resources } from "@portcullis/kube";
import { sameJson } from "../objects/same-json.ts";
import { hashLabel, withoutHash } from "../objects/template-hash.ts";
import { controllerOf, controllerReference, type Deployment, type ReplicaSet } from "../objects/workload.ts";
import {
  type DeploymentScope,
  type Revisions,
  replicasOf,
  sum,
  templateHash,
  wanted,
} from "./deployment-scope.ts";
import {
  currentAnnotations,
  desiredAnnotation,
  maxAnnotation,
  revisionAnnotation,
} from "./revision-annotations.ts";
import { rolloutLimits } from "./rollout-limits.ts";

/** A hash that another template has taken: another has to be made. */
export class HashCollision extends Error {}

/**
 * The ReplicaSet of the present template with its annotations in order, made if need be.
 * @throws HashCollision when its name is taken by one of another template.
 */
export async function ensureCurrent(
  scope: DeploymentScope,
  deployment: Deployment,
  revisions: Revisions,
): Promise<{ readonly set: ReplicaSet; readonly created: boolean }> {
  const { current, old } = revisions;
  const annotations = currentAnnotations(deployment, current, old);
  if (current === undefined) return create(scope, deployment, revisions, annotations);
  return { set: await refresh(scope, deployment, current, annotations), created: false };
}

/** The existing one of the present template, its annotations in order. */
export async function refresh(
  { context }: DeploymentScope,
  { spec }: Deployment,
  current: ReplicaSet,
  annotations: Readonly<Record<string, string>>,
): Promise<ReplicaSet> {
  const minReadySeconds = spec.minReadySeconds ?? 0;
  if (
    sameJson(annotations, current.metadata.annotations) &&
    minReadySeconds === (current.spec.minReadySeconds ?? 0)
  )
    return current;
  return context.caches.update<ReplicaSet>(resources.replicasets, {
    ...current,
    metadata: { ...current.metadata, annotations },
    spec: { ...current.spec, minReadySeconds },
  });
}

async function create(
  { context, tell }: DeploymentScope,
  deployment: Deployment,
  revisions: Revisions,
  annotations: Readonly<Record<string, string>>,
): Promise<{ readonly set: ReplicaSet; readonly created: boolean }> {
  const { caches } = context;
  const replicas = newReplicas(deployment, revisions);
  const object = replicaSetObject(deployment, replicas, annotations);
  const { name, namespace } = object.metadata;
  try {
    const set = await caches.create<ReplicaSet>(resources.replicasets, object);
    if (replicas > 0)
      tell(deployment, "Normal", "ScalingReplicaSet", `Scaled up replica set ${name} from 0 to ${replicas}`);
    return { set, created: true };
  } catch (error) {
    if (!isReason(error, "AlreadyExists")) throw error;
    const taken = (await caches.live(resources.replicasets, name, namespace)) as ReplicaSet | undefined;
    const ours = taken !== undefined && controllerOf(taken)?.uid === deployment.metadata.uid;
    if (ours && sameJson(withoutHash(taken.spec.template), withoutHash(deployment.spec.template)))
      return { set: taken, created: false };
    throw new HashCollision(`the name ${name} is taken`);
  }
}

/** How many pods the ReplicaSet of the present template may have now. */
export function newReplicas(deployment: Deployment, { current, old }: Revisions): number {
  const replicas = wanted(deployment);
  if (deployment.spec.strategy?.type === "Recreate") return replicas;
  const present = current === undefined ? 0 : replicasOf(current);
  const room = replicas + rolloutLimits(deployment).maxSurge - sum(old, replicasOf) - present;
  return room <= 0 ? present : present + Math.min(room, replicas - present);
}

export function sizeAnnotations(deployment: Deployment): Readonly<Record<string, string>> {
  const replicas = wanted(deployment);
  return {
    [desiredAnnotation]: String(replicas),
    [maxAnnotation]: String(replicas + rolloutLimits(deployment).maxSurge),
  };
}

function replicaSetObject(
  deployment: Deployment,
  replicas: number,
  annotations: Readonly<Record<string, string>>,
): KubeObject {
  const { metadata, spec } = deployment;
  const hash = templateHash(deployment);
  const template = withoutHash(spec.template);
  const labels = { ...template.metadata?.labels, [hashLabel]: hash };
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `${metadata.name}-${hash}`,
      namespace: metadata.namespace ?? "default",
      labels,
      annotations: { [revisionAnnotation]: "1", ...annotations, ...sizeAnnotations(deployment) },
      ownerReferences: [controllerReference(deployment)],
    },
    spec: {
      replicas,
      ...(spec.minReadySeconds === undefined ? {} : { minReadySeconds: spec.minReadySeconds }),
      selector: {
        ...spec.selector,
        matchLabels: { ...spec.selector.matchLabels, [hashLabel]: hash },
      },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}
