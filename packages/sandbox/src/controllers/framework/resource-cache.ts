import type { KubeObject, Reflection, Resource } from "@portcullis/kube";

/** Told of every change of a cached object; `now` is undefined when it went away. */
export type CacheListener<T> = (now: T | undefined, before: T | undefined) => void;

/** `namespace/name`; a cluster-scoped object has its name alone. */
export function keyOf({ metadata }: KubeObject): string {
  return metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
}

/**
 * The objects of one kind as the API has them: what its watch told, and what we wrote ourselves even before the watch
 * tells it. So a controller sees its own writes at once, and never makes a thing twice because its view is old.
 * resourceVersions are compared as numbers, as the sandbox's API counts them.
 */
export class ResourceCache<T extends KubeObject = KubeObject> {
  readonly resource: Resource;
  /** Resolves with the first list. */
  readonly synced: Promise<void>;
  readonly #objects = new Map<string, T>();
  readonly #indexes = new Map<
    string,
    { readonly of: (object: T) => readonly string[]; readonly entries: Index }
  >();
  readonly #listeners = new Set<CacheListener<T>>();
  /** Deletions of ours that the watch has yet to tell: key → resourceVersion. */
  readonly #deleted = new Map<string, number>();
  /** Everything up to here has been told. */
  #position = 0;
  #markSynced!: () => void;

  constructor(resource: Resource) {
    this.resource = resource;
    this.synced = new Promise((resolve) => {
      this.#markSynced = resolve;
    });
  }

  get(key: string): T | undefined {
    return this.#objects.get(key);
  }

  list(): readonly T[] {
    return [...this.#objects.values()];
  }

  /** Files objects under values of theirs, for `indexed`. Called before the cache is filled. */
  index(name: string, of: (object: T) => readonly string[]): void {
    if (!this.#indexes.has(name)) this.#indexes.set(name, { of, entries: new Map() });
  }

  /** The objects under a value of an index, in order of their keys. */
  indexed(name: string, value: string): readonly T[] {
    const keys = this.#indexes.get(name)?.entries.get(value) ?? new Set<string>();
    return [...keys].sort().map((key) => this.#objects.get(key)!);
  }

  onChange(listener: CacheListener<T>): void {
    this.#listeners.add(listener);
  }

  /** What the watch tells. */
  take(event: Reflection): void {
    const version = Number(event.resourceVersion);
    if (event.type === "sync") for (const object of event.objects) this.#upsert(object as T);
    else if (event.type === "upsert") this.#upsert(event.object as T);
    else this.#remove(event.object, version);
    this.progress(version);
    if (event.type === "sync") this.#markSynced();
  }

  /** Everything up to this resourceVersion has been told. */
  progress(version: number): void {
    this.#position = version;
    for (const [key, deletedAt] of this.#deleted) if (deletedAt <= version) this.#deleted.delete(key);
  }

  /** What the API answered to a write of ours. */
  wrote(object: KubeObject): void {
    if (Number(object.metadata.resourceVersion) > this.#position) this.#upsert(object as T);
  }

  /** What the API answered to a deletion of ours that removed the object. */
  removed(object: KubeObject): void {
    const version = Number(object.metadata.resourceVersion);
    if (version <= this.#position) return;
    this.#remove(object, version);
    this.#deleted.set(keyOf(object), version);
  }

  #upsert(object: T): void {
    const key = keyOf(object);
    const version = Number(object.metadata.resourceVersion);
    const before = this.#objects.get(key);
    if (before !== undefined && Number(before.metadata.resourceVersion) >= version) return;
    if ((this.#deleted.get(key) ?? 0) >= version) return;
    this.#objects.set(key, object);
    this.#reindex(key, before, object);
    for (const listener of this.#listeners) listener(object, before);
  }

  #remove(object: KubeObject, version: number): void {
    const key = keyOf(object);
    const before = this.#objects.get(key);
    // A newer one of the same name may be ours already.
    if (before === undefined || Number(before.metadata.resourceVersion) > version) return;
    this.#objects.delete(key);
    this.#reindex(key, before, undefined);
    for (const listener of this.#listeners) listener(undefined, before);
  }

  #reindex(key: string, before: T | undefined, now: T | undefined): void {
    for (const { of, entries } of this.#indexes.values()) {
      if (before !== undefined) for (const value of of(before)) drop(entries, value, key);
      if (now === undefined) continue;
      for (const value of of(now)) {
        const keys = entries.get(value);
        if (keys === undefined) entries.set(value, new Set([key]));
        else keys.add(key);
      }
    }
  }
}

type Index = Map<string, Set<string>>;

function drop(entries: Index, value: string, key: string): void {
  const keys = entries.get(value);
  keys?.delete(key);
  if (keys?.size === 0) entries.delete(value);
}
