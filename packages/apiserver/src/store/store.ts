import { type ApiObject, atRevision } from "../api-object.ts";
import { deepFreeze } from "../json.ts";
import { EventLog, type StoreEvent } from "./event-log.ts";
import { Watch, type WatchScope, type WatchSource } from "./watch.ts";

/** Where an object lives. `namespace` is "" for cluster-scoped kinds. */
export interface StoreKey {
  /** `plural.group`, or `plural` in the core group. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

export interface StoreList {
  /** Sorted by namespace, then name. */
  readonly items: readonly ApiObject[];
  readonly revision: number;
}

/** By namespace, then name. */
type Objects = Map<string, Map<string, ApiObject>>;

interface Collection extends WatchSource {
  readonly objects: Objects;
}

const defaultHistory = 4096;

/**
 * Objects in memory under one revision counter, as etcd keeps them: each write is one revision, stamped into
 * `metadata.resourceVersion`. Knows nothing of kinds. Synchronous, so a caller's check and write are one step.
 */
export class Store {
  readonly #collections = new Map<string, Collection>();
  readonly #history: number;
  #revision = 0;

  /** `history`: how many changes of each resource can be watched from the past, at least (default 4,096). */
  constructor(options: { readonly history?: number } = {}) {
    this.#history = options.history ?? defaultHistory;
  }

  /** The revision of the latest write. */
  get revision(): number {
    return this.#revision;
  }

  get(key: StoreKey): ApiObject | undefined {
    return this.#collection(key.resource).objects.get(key.namespace)?.get(key.name);
  }

  /** All namespaces when `namespace` is absent. */
  list(resource: string, namespace?: string): StoreList {
    return { items: sorted(this.#collection(resource).objects, namespace), revision: this.#revision };
  }

  /** The list as it was at `revision`; undefined when that is not known any more, or not yet. */
  listAt(resource: string, revision: number, namespace?: string): StoreList | undefined {
    const { objects, log } = this.#collection(resource);
    const position = revision > this.#revision ? undefined : log.positionAfter(revision);
    if (position === undefined) return undefined;
    if (position === log.end) return { items: sorted(objects, namespace), revision };
    const then: Objects = new Map([...objects].map(([each, named]) => [each, new Map(named)]));
    for (let at = log.end - 1; at >= position; at--) {
      const { object, previous } = log.at(at)!;
      const { name, namespace: where = "" } = object.metadata;
      if (previous === undefined) then.get(where)?.delete(name);
      else then.set(where, (then.get(where) ?? new Map<string, ApiObject>()).set(name, previous));
    }
    return { items: sorted(then, namespace), revision };
  }

  /** The object as stored, or undefined when the name is taken. */
  create(key: StoreKey, object: ApiObject): ApiObject | undefined {
    if (this.get(key) !== undefined) return undefined;
    return this.#put(key, object, undefined);
  }

  /** Replaces. "conflict" when `expected` is given and is not the stored resourceVersion. */
  update(key: StoreKey, object: ApiObject, expected?: string): ApiObject | "absent" | "conflict" {
    const previous = this.get(key);
    if (previous === undefined) return "absent";
    if (expected !== undefined && expected !== previous.metadata.resourceVersion) return "conflict";
    return this.#put(key, object, previous);
  }

  /** The last state, at the revision of the deletion. */
  delete(key: StoreKey, expected?: string): ApiObject | "absent" | "conflict" {
    const previous = this.get(key);
    if (previous === undefined) return "absent";
    if (expected !== undefined && expected !== previous.metadata.resourceVersion) return "conflict";
    const collection = this.#collection(key.resource);
    const named = collection.objects.get(key.namespace)!;
    named.delete(key.name);
    if (named.size === 0) collection.objects.delete(key.namespace);
    const revision = ++this.#revision;
    const object = deepFreeze(atRevision(previous, revision));
    this.#record(collection, { type: "DELETED", revision, object, previous });
    return object;
  }

  /**
   * Changes after `revision`. "expired" when they are not all known any more, or when the revision lies in the future
   * (of another store, then): the caller has to list anew.
   */
  watch(resource: string, revision: number, scope: WatchScope = {}): Watch | "expired" {
    const collection = this.#collection(resource);
    const position = revision > this.#revision ? undefined : collection.log.positionAfter(revision);
    return position === undefined ? "expired" : new Watch(collection, scope, position, revision);
  }

  /** Forgets changes up to and including `revision`; watches that have not read them expire. */
  compact(revision: number): void {
    for (const { log, watches } of this.#collections.values()) {
      log.compact(revision);
      for (const watch of watches) watch.wake();
    }
  }

  /** Ends every watch. */
  close(): void {
    for (const { watches } of this.#collections.values()) for (const watch of [...watches]) watch.close();
  }

  /** How many watches are open. */
  get watchCount(): number {
    return [...this.#collections.values()].reduce((sum, { watches }) => sum + watches.size, 0);
  }

  #put(key: StoreKey, object: ApiObject, previous: ApiObject | undefined): ApiObject {
    const collection = this.#collection(key.resource);
    const revision = ++this.#revision;
    const stored = deepFreeze(atRevision(object, revision));
    let named = collection.objects.get(key.namespace);
    if (named === undefined) {
      named = new Map();
      collection.objects.set(key.namespace, named);
    }
    named.set(key.name, stored);
    const event: StoreEvent = { type: previous ? "MODIFIED" : "ADDED", revision, object: stored };
    this.#record(collection, previous === undefined ? event : { ...event, previous });
    return stored;
  }

  #record(collection: Collection, event: StoreEvent): void {
    collection.log.append(event);
    for (const watch of collection.watches) watch.wake();
  }

  #collection(resource: string): Collection {
    let collection = this.#collections.get(resource);
    if (collection === undefined) {
      collection = {
        objects: new Map(),
        log: new EventLog(this.#history),
        watches: new Set(),
        currentRevision: () => this.#revision,
      };
      this.#collections.set(resource, collection);
    }
    return collection;
  }
}

function sorted(objects: Objects, namespace: string | undefined): readonly ApiObject[] {
  const namespaces = namespace === undefined ? [...objects.keys()].sort() : [namespace];
  return namespaces.flatMap((each) => {
    const named = objects.get(each);
    return named === undefined ? [] : [...named.keys()].sort().map((name) => named.get(name)!);
  });
}
