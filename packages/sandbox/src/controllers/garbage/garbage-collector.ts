import { type KubeObject, type Resource, resources } from "@portcullis/kube";
import { type Controller, type ControllerContext, queueFor } from "../framework/controller.ts";
import type { ResourceCache } from "../framework/resource-cache.ts";
import { sameJson } from "../objects/same-json.ts";
import { isDeleting, type OwnerReference, ownersOf, withMeta } from "../objects/workload.ts";
import { nodeOf, OwnerGraph, type Place } from "./owner-graph.ts";

const orphan = "orphan";
const foreground = "foregroundDeletion";

/**
 * Deletes what has lost its owner, and does what deletions ask for: with `Foreground` an owner waits for its dependents
 * to go, with `Orphan` it lets them live. (Kubernetes documentation, "Garbage Collection".)
 */
export function garbageCollector(context: ControllerContext): Controller {
  const { caches } = context;
  const queue = queueFor(context, "garbage collector", sync, { concurrency: 20 });
  const graph = new OwnerGraph(caches, onChange);
  addKinds();

  function addKinds(): void {
    graph.add(context.kinds().filter(({ plural }) => plural !== resources.events.plural));
  }

  function onChange(cache: ResourceCache, now: KubeObject | undefined, before: KubeObject | undefined): void {
    if (cache.resource.plural === "customresourcedefinitions") setImmediate(addKinds);
    if (now === undefined) {
      for (const place of graph.dependents(before?.metadata.uid ?? "")) add(place);
      for (const owner of waitingOwners(before!)) add(owner);
      return;
    }
    if (!sameJson(now.metadata.ownerReferences, before?.metadata.ownerReferences)) {
      add({ cache, object: now });
      if (before !== undefined) for (const owner of waitingOwners(before)) add(owner);
    }
    if (isDeleting(now) && finalizersOf(now).some((each) => each === orphan || each === foreground))
      add({ cache, object: now });
  }

  function add({ cache, object }: Place): void {
    queue.add(nodeOf(cache, object));
  }

  /** The owners that wait for this one to go. */
  function waitingOwners(object: KubeObject): readonly Place[] {
    return ownersOf(object).flatMap((reference) => {
      const resource = graph.resourceOf(reference);
      const owner = graph.ownerOf(object, reference);
      if (resource === undefined || owner === undefined || !isWaiting(owner)) return [];
      return [{ cache: caches.of(resource), object: owner }];
    });
  }

  async function sync(node: string): Promise<void> {
    const place = graph.place(node);
    if (place === undefined) return;
    const { object } = place;
    if (!isDeleting(object)) return collect(place);
    if (finalizersOf(object).includes(orphan)) return release(place);
    if (isWaiting(object)) return waitForDependents(place);
  }

  async function collect(place: Place): Promise<void> {
    const { cache, object } = place;
    const owners = ownersOf(object);
    if (owners.length === 0) return;
    const states = await Promise.all(owners.map((reference) => stateOf(object, reference)));
    const solid = owners.filter((_, index) => states[index] === "solid");
    if (solid.length === owners.length) return;
    if (solid.length > 0) {
      await caches.update(cache.resource, withMeta(object, { ownerReferences: solid }));
      return;
    }
    const waited = states.includes("waiting") && graph.dependents(object.metadata.uid ?? "").length > 0;
    await caches.delete(cache.resource, object, { propagationPolicy: waited ? "Foreground" : "Background" });
  }

  /** An owner that the cache does not have is asked for: it may be so new that its watch has not told of it. */
  async function stateOf(
    object: KubeObject,
    reference: OwnerReference,
  ): Promise<"solid" | "waiting" | "gone"> {
    const resource = graph.resourceOf(reference);
    // Of a kind that is not served nobody can tell.
    if (resource === undefined) return "solid";
    const owner = graph.ownerOf(object, reference) ?? (await liveOwner(resource, object, reference));
    if (owner === undefined) return "gone";
    return isWaiting(owner) ? "waiting" : "solid";
  }

  async function liveOwner(resource: Resource, object: KubeObject, { name, uid }: OwnerReference) {
    const owner = await caches.live(
      resource,
      name,
      resource.namespaced ? object.metadata.namespace : undefined,
    );
    return owner?.metadata.uid === uid ? owner : undefined;
  }

  /** The dependents live on without this owner. */
  async function release(place: Place): Promise<void> {
    const { uid = "" } = place.object.metadata;
    for (const { cache, object } of graph.dependents(uid)) {
      const ownerReferences = ownersOf(object).filter((reference) => reference.uid !== uid);
      await caches.update(cache.resource, withMeta(object, { ownerReferences }));
    }
    await dropFinalizer(place, orphan);
  }

  async function waitForDependents(place: Place): Promise<void> {
    const { uid = "" } = place.object.metadata;
    const blocking = graph
      .dependents(uid)
      .filter(({ object }) =>
        ownersOf(object).some((reference) => reference.uid === uid && reference.blockOwnerDeletion === true),
      );
    if (blocking.length === 0) return dropFinalizer(place, foreground);
    for (const dependent of blocking) if (!isDeleting(dependent.object)) add(dependent);
  }

  async function dropFinalizer({ cache, object }: Place, name: string): Promise<void> {
    const finalizers = finalizersOf(object).filter((each) => each !== name);
    await caches.update(cache.resource, withMeta(object, { finalizers }));
  }

  return queue;
}

function isWaiting(object: KubeObject): boolean {
  return isDeleting(object) && finalizersOf(object).includes(foreground);
}

function finalizersOf({ metadata }: KubeObject): readonly string[] {
  return Array.isArray(metadata.finalizers) ? (metadata.finalizers as string[]) : [];
}
