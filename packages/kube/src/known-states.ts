import type { ObjectMeta } from "./client.ts";
import { fingerprint, revisionOf } from "./revision.ts";

/** Which object, without its contents. */
export interface ObjectName {
  /** Absent for objects of the cluster. */
  readonly namespace?: string;
  readonly name: string;
}

/**
 * In which state each object of a kind is: its resourceVersion, and its uid, for a server that began anew may count the
 * same numbers again. Some sixty bytes an object: numbers in arrays, and the
 * names' places. 32 bits of the uid are enough, for it only matters when the revision is equal.
 */
export class KnownStates {
  /** Namespace ("" for none) → name → place in the arrays. */
  readonly #places = new Map<string, Map<string, number>>();
  #revisions = new Float64Array(64);
  #uids = new Int32Array(64);
  #used = 0;
  readonly #free: number[] = [];

  get size(): number {
    return this.#used - this.#free.length;
  }

  /** The object's revision, as `revisionOf` gives it; undefined when it is not known. */
  revision({ namespace = "", name }: ObjectName): number | undefined {
    const place = this.#places.get(namespace)?.get(name);
    return place === undefined ? undefined : this.#revisions[place];
  }

  /** Whether the object is known in this very state. */
  has({ namespace = "", name, resourceVersion, uid }: ObjectMeta): boolean {
    const place = this.#places.get(namespace)?.get(name);
    return (
      place !== undefined &&
      this.#revisions[place] === revisionOf(resourceVersion) &&
      this.#uids[place] === fingerprint(uid ?? "")
    );
  }

  set({ namespace = "", name, resourceVersion, uid }: ObjectMeta): void {
    const place = this.#placeOf(namespace, name);
    this.#revisions[place] = revisionOf(resourceVersion);
    this.#uids[place] = fingerprint(uid ?? "");
  }

  /** Whether it was known. */
  delete({ namespace = "", name }: ObjectName): boolean {
    const names = this.#places.get(namespace);
    const place = names?.get(name);
    if (names === undefined || place === undefined) return false;
    names.delete(name);
    if (names.size === 0) this.#places.delete(namespace);
    this.#free.push(place);
    return true;
  }

  *names(): Generator<ObjectName> {
    for (const [namespace, names] of this.#places) {
      for (const name of names.keys()) yield namespace === "" ? { name } : { name, namespace };
    }
  }

  #placeOf(namespace: string, name: string): number {
    let names = this.#places.get(namespace);
    if (names === undefined) {
      names = new Map();
      this.#places.set(namespace, names);
    }
    let place = names.get(name);
    if (place === undefined) {
      place = this.#take();
      names.set(name, place);
    }
    return place;
  }

  #take(): number {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.#used === this.#revisions.length) {
      const [revisions, uids] = [this.#revisions, this.#uids];
      this.#revisions = new Float64Array(revisions.length * 2);
      this.#revisions.set(revisions);
      this.#uids = new Int32Array(uids.length * 2);
      this.#uids.set(uids);
    }
    return this.#used++;
  }
}
