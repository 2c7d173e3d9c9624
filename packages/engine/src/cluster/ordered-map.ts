/**
 * A map whose values can be listed in the order of their keys. Sorting is put off until someone asks, and then only
 * what is new is sorted and merged, so loading many and changing one are both cheap.
 */
export class OrderedMap<T> {
  readonly #values = new Map<string, T>();
  #keys: string[] = [];
  #added: string[] = [];
  readonly #removed = new Set<string>();
  #list: readonly T[] | undefined;

  get size(): number {
    return this.#values.size;
  }

  get(key: string): T | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: T): void {
    if (!this.#values.has(key)) this.#added.push(key);
    this.#values.set(key, value);
    this.#list = undefined;
  }

  delete(key: string): boolean {
    const had = this.#values.delete(key);
    if (had) {
      this.#removed.add(key);
      this.#list = undefined;
    }
    return had;
  }

  /** Values sorted by key (UTF-16 code units). The array is shared until the next change: do not modify it. */
  values(): readonly T[] {
    if (this.#list === undefined) {
      this.#settle();
      this.#list = this.#keys.map((key) => this.#values.get(key)!);
    }
    return this.#list;
  }

  #settle(): void {
    if (this.#removed.size > 0) {
      this.#keys = this.#keys.filter((key) => !this.#removed.has(key));
      this.#removed.clear();
    }
    if (this.#added.length === 0) return;
    // A key can be new twice (added, deleted, added again), and may be gone by now.
    const added = [...new Set(this.#added)].filter((key) => this.#values.has(key)).sort();
    this.#added = [];
    this.#keys = mergeSorted(this.#keys, added);
  }
}

function mergeSorted(left: readonly string[], right: readonly string[]): string[] {
  const merged: string[] = [];
  let next = 0;
  for (const key of left) {
    while (next < right.length && right[next]! < key) merged.push(right[next++]!);
    merged.push(key);
  }
  while (next < right.length) merged.push(right[next++]!);
  return merged;
}
