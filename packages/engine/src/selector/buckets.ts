/** A map of sets that forgets a set when it becomes empty, so that it never grows with history. */
export class Buckets<K, T> {
  readonly #sets = new Map<K, Set<T>>();

  add(key: K, item: T): void {
    const set = this.#sets.get(key);
    if (set === undefined) this.#sets.set(key, new Set([item]));
    else set.add(item);
  }

  delete(key: K, item: T): void {
    const set = this.#sets.get(key);
    if (set?.delete(item) && set.size === 0) this.#sets.delete(key);
  }

  get(key: K): ReadonlySet<T> | undefined {
    return this.#sets.get(key);
  }

  get isEmpty(): boolean {
    return this.#sets.size === 0;
  }

  sets(): Iterable<ReadonlySet<T>> {
    return this.#sets.values();
  }
}
