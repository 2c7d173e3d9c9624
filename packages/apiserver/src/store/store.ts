import { type ApiObject, atRevision } from "../api-object.ts";
import { deepFreeze } from "../json.ts";
import { EventLog, type StoreEvent } from "./event-log.ts";
import type { Journal } from "./journal.ts";
import type { JournalRecord } from "./journal-record.ts";
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

const defaultHistory = 2048;

/** How far revisions jump after an end that may have lost some: farther than a store gets in the time that can be lost. */
const gapAfterLoss = 100_000;

export interface StoreOptions {
  /** How many changes of each resource can be watched from the past, at least (default 2,048). */
  readonly history?: number;
  /** Where the writes are kept; in memory alone when absent. */
  readonly journal?: Journal;
}

/**
 * Objects in memory under one revision counter, as etcd keeps them: each write is one revision, stamped into
 * `metadata.resourceVersion`. Knows nothing of kinds. Synchronous, so a caller's check and write are one step.
 */
export class Store {
  readonly #collections = new Map<string, Collection>();
  readonly #history: number;
  readonly #journal: Journal | undefined;
  #revision = 0;
  /** No change up to here can be told any more. */
  #forgotten = 0;

  /** Throws when the journal takes no writes. */
  constructor({ history = defaultHistory, journal }: StoreOptions = {}) {
    this.#history = history;
    this.#journal = journal;
    if (journal !== undefined) this.#restore(journal);
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
    const revision = this.#revision + 1;
    this.#keep({ op: "delete", ...key, revision });
    this.#revision = revision;
    const named = collection.objects.get(key.namespace)!;
    named.delete(key.name);
    if (named.size === 0) collection.objects.delete(key.namespace);
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

  /** Brings the journal to its end in order; nothing can be written then. */
  async closeJournal(): Promise<void> {
    await this.#journal?.close(this.#revision);
  }

  /** How many watches are open. */
  get watchCount(): number {
    return [...this.#collections.values()].reduce((sum, { watches }) => sum + watches.size, 0);
  }

  #put(key: StoreKey, object: ApiObject, previous: ApiObject | undefined): ApiObject {
    const collection = this.#collection(key.resource);
    const revision = this.#revision + 1;
    const stored = deepFreeze(atRevision(object, revision));
    this.#keep({ op: "put", resource: key.resource, object: stored });
    this.#revision = revision;
    putInto(collection.objects, stored);
    const event: StoreEvent = { type: previous ? "MODIFIED" : "ADDED", revision, object: stored };
    this.#record(collection, previous === undefined ? event : { ...event, previous });
    return stored;
  }

  /** Before anything of a write can be seen. Throws when the journal did not take it. */
  #keep(record: JournalRecord): void {
    const journal = this.#journal;
    if (journal === undefined) return;
    if (journal.wantsSnapshot) journal.snapshot(this.#everything(), this.#revision);
    journal.append(record);
  }

  #everything(): (readonly [string, ApiObject])[] {
    return [...this.#collections].flatMap(([resource, { objects }]) =>
      [...objects.values()].flatMap((named) =>
        [...named.values()].map((object) => [resource, object] as const),
      ),
    );
  }

  /** After a loss the revisions of what was lost must mean nothing: nobody may take them for what comes now. */
  #restore(journal: Journal): void {
    const { objects, revision, clean } = journal.takeRestored();
    this.#revision = clean ? revision : revision + gapAfterLoss;
    this.#forgotten = this.#revision;
    for (const [resource, object] of objects) {
      putInto(this.#collection(resource).objects, deepFreeze(object));
    }
    journal.append({ op: "opened", revision: this.#revision });
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
        log: new EventLog(this.#history, this.#forgotten),
        watches: new Set(),
        currentRevision: () => this.#revision,
      };
      this.#collections.set(resource, collection);
    }
    return collection;
  }
}

function putInto(objects: Objects, object: ApiObject): void {
  const { name, namespace = "" } = object.metadata;
  const named = objects.get(namespace);
  if (named === undefined) objects.set(namespace, new Map([[name, object]]));
  else named.set(name, object);
}

function sorted(objects: Objects, namespace: string | undefined): readonly ApiObject[] {
  const namespaces = namespace === undefined ? [...objects.keys()].sort() : [namespace];
  return namespaces.flatMap((each) => {
    const named = objects.get(each);
    return named === undefined ? [] : [...named.keys()].sort().map((name) => named.get(name)!);
  });
}
