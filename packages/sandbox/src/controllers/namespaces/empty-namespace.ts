import { ApiError, isReason, type KubeObject, type Resource } from "@portcullis/kube";
import type { ControllerContext } from "../framework/controller.ts";

/** What is left in a namespace after everything in it was deleted. */
export interface Remains {
  /** How many objects, by kind (`pods.`, `deployments.apps`, as Kubernetes writes it). */
  readonly objects: ReadonlyMap<string, number>;
  /** How many objects wait, by finalizer. */
  readonly finalizers: ReadonlyMap<string, number>;
  readonly failures: readonly string[];
}

/** Deletes everything in the namespace once; what has a grace period or finalizers is left for a while. */
export async function emptyNamespace(context: ControllerContext, namespace: string): Promise<Remains> {
  const objects = new Map<string, number>();
  const finalizers = new Map<string, number>();
  const failures: string[] = [];
  for (const resource of context.kinds().filter(({ namespaced }) => namespaced)) {
    const items = await itemsOf(context, resource, namespace);
    const undeleted = items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    const results = await Promise.allSettled(
      undeleted.map((object) => context.caches.delete(resource, object, { propagationPolicy: "Background" })),
    );
    for (const result of results)
      if (result.status === "rejected") failures.push(`${resource.plural}: ${String(result.reason)}`);
    if (items.length === 0) continue;
    const left = await itemsOf(context, resource, namespace);
    if (left.length > 0) objects.set(`${resource.plural}.${resource.group}`, left.length);
    for (const name of left.flatMap(({ metadata }) => (metadata.finalizers as string[] | undefined) ?? []))
      finalizers.set(name, (finalizers.get(name) ?? 0) + 1);
  }
  return { objects, finalizers, failures };
}

/** A kind that cannot be listed, or has ceased to exist, holds nothing. */
async function itemsOf(
  { client }: ControllerContext,
  resource: Resource,
  namespace: string,
): Promise<readonly KubeObject[]> {
  try {
    return (await client.list(resource, { namespace })).items;
  } catch (error) {
    if (isReason(error, "NotFound") || (error instanceof ApiError && error.code === 405)) return [];
    throw error;
  }
}
