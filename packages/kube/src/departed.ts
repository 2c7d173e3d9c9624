import type { ObjectName } from "./known-states.ts";
import { isNewer } from "./revision.ts";

/** So many are remembered by name. */
const kept = 1_000;

/**
 * Which objects went away lately, so that an event that comes late, or twice, does not bring one back. Everything up to a
 * floor is past for all objects: a list was complete at it, or too much has gone since.
 */
export class Departed {
  #floor = -1;
  readonly #revisions = new Map<string, number>();

  /** A list is complete at this revision. */
  reset(floor: number): void {
    this.#floor = floor;
    this.#revisions.clear();
  }

  add(object: ObjectName, revision: number): void {
    const key = keyOf(object);
    this.#revisions.delete(key);
    this.#revisions.set(key, revision);
    if (this.#revisions.size <= kept) return;
    const [oldest, gone] = this.#revisions.entries().next().value!;
    this.#revisions.delete(oldest);
    if (isNewer(gone, this.#floor)) this.#floor = gone;
  }

  delete(object: ObjectName): void {
    if (this.#revisions.size > 0) this.#revisions.delete(keyOf(object));
  }

  /** What is not newer than this is past for the object, which is not there. */
  past(object: ObjectName): number {
    const gone = this.#revisions.get(keyOf(object));
    return gone !== undefined && isNewer(gone, this.#floor) ? gone : this.#floor;
  }
}

function keyOf({ namespace = "", name }: ObjectName): string {
  return `${namespace}/${name}`;
}
