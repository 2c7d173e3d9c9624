import { PortSet } from "../net/port-set.ts";

/**
 * Port sets by identity: equal sets are one object, so that results of operations can be remembered. A cluster has few
 * different sets and asks for the same unions and intersections over and over.
 */
export class PortSetPool {
  readonly #sets = new Map<string, PortSet>();
  readonly #ids = new Map<PortSet, number>();
  readonly #unions = new Map<number, PortSet>();
  readonly #intersections = new Map<number, PortSet>();

  constructor() {
    this.intern(PortSet.none);
    this.intern(PortSet.all);
  }

  /** The set of the pool that is equal to this one. */
  intern(set: PortSet): PortSet {
    const known = this.#sets.get(set.key);
    if (known !== undefined) return known;
    this.#sets.set(set.key, set);
    this.#ids.set(set, this.#ids.size);
    return set;
  }

  /** Of two sets of the pool. */
  union(a: PortSet, b: PortSet): PortSet {
    if (a === b || b === PortSet.none || a === PortSet.all) return a;
    if (a === PortSet.none || b === PortSet.all) return b;
    return this.#remember(this.#unions, a, b, () => a.union(b));
  }

  /** Of two sets of the pool. */
  intersect(a: PortSet, b: PortSet): PortSet {
    if (a === b || a === PortSet.none || b === PortSet.all) return a;
    if (b === PortSet.none || a === PortSet.all) return b;
    return this.#remember(this.#intersections, a, b, () => a.intersect(b));
  }

  #remember(results: Map<number, PortSet>, a: PortSet, b: PortSet, compute: () => PortSet): PortSet {
    const [x, y] = [this.#ids.get(a)!, this.#ids.get(b)!];
    // Both operations are symmetric. 2^26 different sets are more than there are.
    const key = x < y ? x * 0x4000000 + y : y * 0x4000000 + x;
    let result = results.get(key);
    if (result === undefined) {
      result = this.intern(compute());
      results.set(key, result);
    }
    return result;
  }
}
