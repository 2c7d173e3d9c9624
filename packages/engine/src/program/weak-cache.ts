/**
 * Values by id, for as long as somebody else holds them. It exists so that an unchanged part of a Program is the same
 * object as before, which matters only to those who still hold the Program before.
 */
export class WeakCache<T extends object> {
  readonly #refs = new Map<string, WeakRef<T>>();
  #sweepAt = 64;

  get(id: string): T | undefined {
    return this.#refs.get(id)?.deref();
  }

  set(id: string, value: T): void {
    this.#refs.set(id, new WeakRef(value));
    if (this.#refs.size >= this.#sweepAt) this.#sweep();
  }

  // Waiting until the map has doubled makes sweeping cost a constant for every value set.
  #sweep(): void {
    for (const [key, ref] of this.#refs) if (ref.deref() === undefined) this.#refs.delete(key);
    this.#sweepAt = Math.max(64, 2 * this.#refs.size);
  }
}
