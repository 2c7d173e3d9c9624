import type { ApiObject } from "../api-object.ts";

/** One change of one object. */
export interface StoreEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly revision: number;
  /** The object after the change; for a deletion the last state, at the revision of the deletion. */
  readonly object: ApiObject;
  /** The object before the change; absent for ADDED. */
  readonly previous?: ApiObject;
}

/**
 * The recent changes of one collection, oldest first. Readers keep a position, not a queue: a slow reader costs no memory,
 * and finds out that it has been overtaken. Holds between `limit` and twice `limit` events, which makes dropping cheap.
 */
export class EventLog {
  readonly #limit: number;
  #events: StoreEvent[] = [];
  #start = 0;
  #compacted: number;

  /** `limit`: how many events are kept at least, a positive integer. What came up to `compacted` is not known. */
  constructor(limit: number, compacted = 0) {
    this.#limit = limit;
    this.#compacted = compacted;
  }

  /** Position of the oldest event that is kept. */
  get start(): number {
    return this.#start;
  }

  /** Position that the next event will get. */
  get end(): number {
    return this.#start + this.#events.length;
  }

  /** Revision of the newest event that was dropped, 0 when none was: a reader must have seen this one. */
  get compactedRevision(): number {
    return this.#compacted;
  }

  append(event: StoreEvent): void {
    this.#events.push(event);
    if (this.#events.length >= 2 * this.#limit) this.#drop(this.#events.length - this.#limit);
  }

  /** The event at a position from `start` to `end` - 1, undefined elsewhere. */
  at(position: number): StoreEvent | undefined {
    return this.#events[position - this.#start];
  }

  /** Position of the first event after `revision`, or undefined when events after it have been dropped. */
  positionAfter(revision: number): number | undefined {
    if (revision < this.#compacted) return undefined;
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#events[middle]!.revision <= revision) low = middle + 1;
      else high = middle;
    }
    return this.#start + low;
  }

  /** Forgets the events up to and including `revision`. */
  compact(revision: number): void {
    const position = this.positionAfter(revision);
    if (position !== undefined) this.#drop(position - this.#start);
  }

  #drop(count: number): void {
    if (count === 0) return;
    this.#compacted = this.#events[count - 1]!.revision;
    this.#events = this.#events.slice(count);
    this.#start += count;
  }
}
