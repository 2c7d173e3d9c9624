import { type ApiObject, atRevision } from "../api-object.ts";
import type { EventLog, StoreEvent } from "./event-log.ts";

/** A change as one watch sees it: "ADDED" can be an object that began to match, "DELETED" one that ceased to. */
export type WatchChange = Pick<StoreEvent, "type" | "revision" | "object">;

/** What a watch is about. */
export interface WatchScope {
  /** All namespaces when absent. */
  readonly namespace?: string;
  /** The selectors; every object when absent. Must be pure: it is asked about old and new states. */
  readonly matches?: (object: ApiObject) => boolean;
  /** The form that the reader wants the objects in. */
  readonly convert?: (object: ApiObject) => ApiObject;
}

/** The side of the store that a watch relies on. */
export interface WatchSource {
  readonly log: EventLog;
  readonly watches: Set<Watch>;
  readonly currentRevision: () => number;
}

/**
 * A reader's position in a collection's log. Read with `poll` until it gives undefined, then await `changed`.
 * It must be closed.
 */
export class Watch {
  readonly #source: WatchSource;
  readonly #scope: WatchScope;
  #position: number;
  #seen: number;
  #wake: (() => void) | undefined;
  #closed = false;

  /** Reads on from `position` of the log; everything up to `revision` counts as seen. */
  constructor(source: WatchSource, scope: WatchScope, position: number, revision: number) {
    this.#source = source;
    this.#scope = scope;
    this.#position = position;
    this.#seen = revision;
    source.watches.add(this);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Every matching change up to this revision has been given out. */
  get revision(): number {
    return this.#seen;
  }

  /** The next change; undefined when there is none now or the watch is closed; "expired" when the log went on without it. */
  poll(): WatchChange | "expired" | undefined {
    const { log } = this.#source;
    while (!this.#closed) {
      if (this.#position < log.start) return "expired";
      const event = log.at(this.#position);
      if (event === undefined) {
        this.#seen = Math.max(this.#seen, this.#source.currentRevision());
        return undefined;
      }
      this.#position++;
      this.#seen = event.revision;
      const change = this.#project(event);
      if (change !== undefined) return this.#converted(change);
    }
    return undefined;
  }

  /** Resolves when `poll` may have more, when `wake` was called, or on close. One waiter at a time. */
  changed(): Promise<void> {
    if (this.#closed || this.#position < this.#source.log.end) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  wake(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  close(): void {
    this.#closed = true;
    this.#source.watches.delete(this);
    this.wake();
  }

  #converted(change: WatchChange): WatchChange {
    const { convert } = this.#scope;
    return convert === undefined ? change : { ...change, object: convert(change.object) };
  }

  #project(event: StoreEvent): WatchChange | undefined {
    const now = event.type !== "DELETED" && this.#inScope(event.object);
    const before = event.previous !== undefined && this.#inScope(event.previous);
    const { revision } = event;
    if (now) return { type: before ? "MODIFIED" : "ADDED", revision, object: event.object };
    if (!before) return undefined;
    // An object that ceased to match is shown as it last matched, so that the reader can tell which one it was.
    const object = event.type === "DELETED" ? event.object : atRevision(event.previous!, revision);
    return { type: "DELETED", revision, object };
  }

  #inScope(object: ApiObject): boolean {
    const { namespace, matches } = this.#scope;
    if (namespace !== undefined && object.metadata.namespace !== namespace) return false;
    return matches === undefined || matches(object);
  }
}
