import { isReason, type KubeObject, type Resource } from "@portcullis/kube";
import type { Caches } from "../framework/caches.ts";
import { type RawSelector, selectorMatches } from "./selector.ts";
import { controllerOf, controllerReference, isDeleting, ownersOf, withMeta } from "./workload.ts";

/**
 * The candidates that the owner manages: an orphan that its selector matches is adopted, a child that it matches no more
 * is let go. An owner that is being deleted only keeps what it has.
 * @param candidates Of the owner's namespace: at least its children and what the selector matches.
 */
export async function claim<T extends KubeObject>(
  caches: Caches,
  owner: KubeObject & { readonly spec: { readonly selector: RawSelector } },
  resource: Resource,
  candidates: readonly T[],
): Promise<readonly T[]> {
  const claimed: T[] = [];
  for (const object of candidates) {
    const controller = controllerOf(object);
    const matches = selectorMatches(owner.spec.selector, object.metadata.labels);
    if (controller !== undefined && controller.uid !== owner.metadata.uid) continue;
    if (controller !== undefined && (matches || isDeleting(owner))) claimed.push(object);
    else if (controller !== undefined) await release(caches, owner, resource, object);
    else if (matches && !isDeleting(owner) && !isDeleting(object)) {
      const adopted = await adopt(caches, owner, resource, object);
      if (adopted !== undefined) claimed.push(adopted);
    }
  }
  return claimed;
}

function adopt<T extends KubeObject>(caches: Caches, owner: KubeObject, resource: Resource, object: T) {
  const ownerReferences = [...ownersOf(object), controllerReference(owner)];
  return attempt(() => caches.update<T>(resource, withMeta(object, { ownerReferences })));
}

function release<T extends KubeObject>(caches: Caches, owner: KubeObject, resource: Resource, object: T) {
  const ownerReferences = ownersOf(object).filter(({ uid }) => uid !== owner.metadata.uid);
  return attempt(() => caches.update<T>(resource, withMeta(object, { ownerReferences })));
}

/** Undefined when the object went away or changed meanwhile: then the change brings us back. */
async function attempt<T>(write: () => Promise<T>): Promise<T | undefined> {
  try {
    return await write();
  } catch (error) {
    if (isReason(error, "NotFound") || isReason(error, "Conflict")) return undefined;
    throw error;
  }
}
