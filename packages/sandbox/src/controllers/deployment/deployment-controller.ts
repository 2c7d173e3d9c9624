import { resources } from "@portcullis/kube";
import { type Controller, type ControllerContext, queueFor, teller } from "../framework/controller.ts";
import { keyOf } from "../framework/resource-cache.ts";
import { claim } from "../objects/adopt.ts";
import { candidatesFor, indexByController, onChildChange } from "../objects/children.ts";
import { findCondition } from "../objects/conditions.ts";
import { isFinished } from "../objects/pods.ts";
import {
  controllerOf,
  type Deployment,
  isDeleting,
  type PodObject,
  type ReplicaSet,
} from "../objects/workload.ts";
import { writeStatus } from "../objects/write-status.ts";
import { type Conditions, progressing, setCondition } from "./deployment-conditions.ts";
import { type DeploymentScope, type Revisions, replicasOf, revisionsOf, wanted } from "./deployment-scope.ts";
import { deploymentStatus, isComplete, untilTimeout, withProgress } from "./deployment-status.ts";
import { ensureCurrent, HashCollision, refresh } from "./new-replicaset.ts";
import { isBeingScaled, scaleInProportion } from "./proportional-scaling.ts";
import { currentAnnotations, revisionAnnotation, revisionOf } from "./revision-annotations.ts";
import { rollingUpdate } from "./rolling-update.ts";
import { scaleReplicaSet } from "./scale-replicaset.ts";

/** apps/v1 Deployment: one ReplicaSet a template, and the way from one to the next. */
export function deploymentController(context: ControllerContext): Controller {
  const { caches } = context;
  const scope: DeploymentScope = { context, tell: teller(context, "deployment-controller") };
  const deployments = caches.of<Deployment>(resources.deployments);
  const sets = caches.of<ReplicaSet>(resources.replicasets);
  const pods = caches.of<PodObject>(resources.pods);
  const queue = queueFor(context, "deployment", sync);
  indexByController(sets);
  indexByController(pods);
  onChildChange(deployments, sets, (key) => queue.add(key));
  deployments.onChange((now) => now !== undefined && queue.add(keyOf(now)));
  // Recreate waits until the last old pod is gone.
  pods.onChange((now, before) => {
    const owner = now === undefined && before !== undefined ? controllerOf(before) : undefined;
    if (owner?.kind !== "ReplicaSet") return;
    const set = sets.get(`${before?.metadata.namespace}/${owner.name}`);
    const deployment = set === undefined ? undefined : controllerOf(set);
    if (deployment?.kind === "Deployment") queue.add(`${before?.metadata.namespace}/${deployment.name}`);
  });

  async function sync(key: string): Promise<void> {
    const deployment = deployments.get(key);
    if (deployment === undefined) return;
    const owned = await claim(caches, deployment, resources.replicasets, candidatesFor(sets, deployment));
    try {
      await step(
        key,
        deployment,
        revisionsOf(
          deployment,
          owned.filter((set) => !isDeleting(set)),
        ),
      );
    } catch (error) {
      if (!(error instanceof HashCollision)) throw error;
      const collisionCount = (deployment.status?.collisionCount ?? 0) + 1;
      await writeStatus(caches, resources.deployments, deployment, { ...deployment.status, collisionCount });
    }
  }

  async function step(key: string, deployment: Deployment, revisions: Revisions): Promise<void> {
    const conditions = pauseConditions(deployment);
    if (isDeleting(deployment)) return tellStatus(key, deployment, revisions, conditions, false);
    const all = [...revisions.old, ...(revisions.current === undefined ? [] : [revisions.current])];
    if (deployment.spec.paused === true || isBeingScaled(deployment, all)) {
      const known = await withAnnotations(deployment, revisions);
      await scaleInProportion(scope, deployment, known);
      if (deployment.spec.paused === true) await forgetOldest(deployment, known);
      return tellStatus(key, deployment, fresh(deployment, known), conditions, false);
    }
    return rollOut(key, deployment, revisions, conditions);
  }

  async function rollOut(
    key: string,
    deployment: Deployment,
    revisions: Revisions,
    conditions: Conditions,
  ): Promise<void> {
    if (deployment.spec.strategy?.type === "Recreate" && (await stopOld(deployment, revisions)))
      return tellStatus(key, deployment, fresh(deployment, revisions), conditions, true);
    const { set: current, created } = await ensureCurrent(scope, deployment, revisions);
    const now = await withRevision(deployment, current);
    const known = { current, old: revisions.old };
    if (deployment.spec.strategy?.type === "Recreate")
      await scaleReplicaSet(scope, now, current, wanted(now));
    else await rollingUpdate(scope, now, known);
    if (isComplete(now, now.status ?? {})) await forgetOldest(now, known);
    await tellStatus(key, now, fresh(now, known), introduced(now, current, created, conditions), true);
  }

  /** Of Recreate: true as long as anything old is there. */
  async function stopOld(deployment: Deployment, { old }: Revisions): Promise<boolean> {
    const active = old.filter((set) => replicasOf(set) > 0);
    for (const set of active) await scaleReplicaSet(scope, deployment, set, 0);
    return (
      active.length > 0 ||
      old.some(({ metadata }) =>
        pods.indexed("controller", metadata.uid ?? "").some((pod) => !isFinished(pod)),
      )
    );
  }

  /** While paused, no ReplicaSet is made for a template that has none. */
  async function withAnnotations(deployment: Deployment, revisions: Revisions): Promise<Revisions> {
    const { current, old } = revisions;
    if (current === undefined) return revisions;
    const annotations = currentAnnotations(deployment, current, old);
    return { current: await refresh(scope, deployment, current, annotations), old };
  }

  /** The Deployment carries the number of its newest revision. */
  async function withRevision(deployment: Deployment, current: ReplicaSet): Promise<Deployment> {
    const revision = String(revisionOf(current));
    const { annotations = {} } = deployment.metadata;
    if (annotations[revisionAnnotation] === revision) return deployment;
    return caches.update<Deployment>(resources.deployments, {
      ...deployment,
      metadata: { ...deployment.metadata, annotations: { ...annotations, [revisionAnnotation]: revision } },
    });
  }

  /** Deletes the oldest ReplicaSets beyond those that are kept for going back to. */
  async function forgetOldest({ spec }: Deployment, { old }: Revisions): Promise<void> {
    const idle = old
      .filter((set) => replicasOf(set) === 0 && (set.status?.replicas ?? 0) === 0)
      .sort((a, b) => revisionOf(a) - revisionOf(b));
    const surplus = idle.slice(0, Math.max(0, idle.length - (spec.revisionHistoryLimit ?? 10)));
    for (const set of surplus) await caches.delete(resources.replicasets, set);
  }

  /** The same ReplicaSets as they are after our writes. */
  function fresh(deployment: Deployment, { current, old }: Revisions): Revisions {
    const now = (set: ReplicaSet) => sets.get(keyOf(set)) ?? set;
    const there = old.filter((set) => sets.get(keyOf(set)) !== undefined).map(now);
    return current === undefined ? revisionsOf(deployment, there) : { current: now(current), old: there };
  }

  async function tellStatus(
    key: string,
    deployment: Deployment,
    revisions: Revisions,
    conditions: Conditions,
    rollingOut: boolean,
  ): Promise<void> {
    const now = new Date();
    const counted = deploymentStatus(deployment, revisions, conditions, now);
    const status = rollingOut ? withProgress(deployment, counted, revisions, now) : counted;
    await writeStatus(caches, resources.deployments, deployment, status);
    const wait = untilTimeout(deployment, status, now);
    if (wait !== undefined) queue.addAfter(key, wait + 1_000);
  }

  return queue;
}

/** A pause stops the clock of progress, and going on starts it anew. */
function pauseConditions({ spec, status }: Deployment): Conditions {
  const conditions = status?.conditions ?? [];
  const former = findCondition(conditions, "Progressing");
  if (spec.progressDeadlineSeconds === undefined || former?.reason === "ProgressDeadlineExceeded")
    return conditions;
  const wasPaused = former?.reason === "DeploymentPaused";
  if (spec.paused === true && !wasPaused)
    return setCondition(
      conditions,
      progressing("Unknown", "DeploymentPaused", "Deployment is paused"),
      new Date(),
    );
  if (spec.paused !== true && wasPaused)
    return setCondition(
      conditions,
      progressing("Unknown", "DeploymentResumed", "Deployment is resumed"),
      new Date(),
    );
  return conditions;
}

/** What is said of a ReplicaSet that the present template has just got, or was found to have. */
function introduced(
  { spec }: Deployment,
  current: ReplicaSet,
  created: boolean,
  conditions: Conditions,
): Conditions {
  if (spec.progressDeadlineSeconds === undefined) return conditions;
  const { name } = current.metadata;
  if (created)
    return setCondition(
      conditions,
      progressing("True", "NewReplicaSetCreated", `Created new replica set "${name}"`),
      new Date(),
    );
  if (findCondition(conditions, "Progressing") !== undefined) return conditions;
  return setCondition(
    conditions,
    progressing("True", "FoundNewReplicaSet", `Found new replica set "${name}"`),
    new Date(),
  );
}
