import type { KubeObject, Resource } from "@portcullis/kube";
import type { Caches } from "../framework/caches.ts";
import { keyOf, type ResourceCache } from "../framework/resource-cache.ts";
import { type OwnerReference, ownersOf } from "../objects/workload.ts";

/** An object and the cache that it is in. */
export interface Place {
  readonly cache: ResourceCache;
  readonly object: KubeObject;
}

/** Who owns what, across kinds, as the caches know it. */
export class OwnerGraph {
  readonly #caches: Caches;
  readonly #byKind = new Map<string, ResourceCache>();
  readonly #listener: (
    cache: ResourceCache,
    now: KubeObject | undefined,
    before: KubeObject | undefined,
  ) => void;

  constructor(
    caches: Caches,
    listener: (cache: ResourceCache, now: KubeObject | undefined, before: KubeObject | undefined) => void,
  ) {
    this.#caches = caches;
    this.#listener = listener;
  }

  /** Includes these kinds from now on. */
  add(kinds: readonly Resource[]): void {
    for (const resource of kinds) {
      const key = kindKey(resource.group, resource.kind);
      if (this.#byKind.has(key)) continue;
      const cache = this.#caches.of(resource);
      this.#byKind.set(key, cache);
      cache.index("owner", (object) => ownersOf(object).map(({ uid }) => uid));
      cache.onChange((now, before) => this.#listener(cache, now, before));
    }
  }

  dependents(uid: string): readonly Place[] {
    return [...this.#byKind.values()].flatMap((cache) =>
      cache.indexed("owner", uid).map((object) => ({ cache, object })),
    );
  }

  place(node: string): Place | undefined {
    const [kind = "", key = ""] = node.split("|");
    const cache = this.#byKind.get(kind);
    const object = cache?.get(key);
    return cache === undefined || object === undefined ? undefined : { cache, object };
  }

  /** The kind of an owner; undefined when it is not known here. */
  resourceOf({ apiVersion, kind }: OwnerReference): Resource | undefined {
    return this.#byKind.get(kindKey(apiVersion.includes("/") ? apiVersion.split("/")[0]! : "", kind))
      ?.resource;
  }

  /** The owner as the cache has it, by its name and uid. */
  ownerOf(dependent: KubeObject, reference: OwnerReference): KubeObject | undefined {
    const resource = this.resourceOf(reference);
    if (resource === undefined) return undefined;
    const { namespace } = dependent.metadata;
    const key = resource.namespaced ? `${namespace}/${reference.name}` : reference.name;
    const owner = this.#caches.of(resource).get(key);
    return owner?.metadata.uid === reference.uid ? owner : undefined;
  }
}

/** Names an object across kinds. */
export function nodeOf(cache: ResourceCache, object: KubeObject): string {
  return `${kindKey(cache.resource.group, cache.resource.kind)}|${keyOf(object)}`;
}

const kindKey = (group: string, kind: string): string => `${kind}.${group}`;
