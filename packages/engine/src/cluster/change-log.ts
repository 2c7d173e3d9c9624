/** Changes remembered at least; who asks for more must look at everything. */
const LEAST_KEPT = 64;

/**
 * The latest changes of a set, so that whoever derived something from a large set can follow a small change. Bounded:
 * it forgets old changes, and says so.
 */
export class ChangeLog<T> {
  #entries: { readonly at: number; readonly item: T }[] = [];
  /** The moment of the last change that is not remembered. */
  #forgottenAt: number;

  /** Knows nothing of what happened up to `start`. */
  constructor(start: number) {
    this.#forgottenAt = start;
  }

  /**
   * Items may repeat; moments must not go back. At least as many changes as `kept` stay remembered, and 64 in any case: who
   * follows a large set has much to gain from remembering more.
   */
  note(item: T, at: number, kept = LEAST_KEPT): void {
    this.#entries.push({ at, item });
    const least = Math.max(LEAST_KEPT, kept);
    if (this.#entries.length < 2 * least) return;
    const forgotten = this.#entries.length - least;
    this.#forgottenAt = this.#entries[forgotten - 1]!.at;
    this.#entries = this.#entries.slice(forgotten);
  }

  /** The items that changed after the moment; undefined when not all of them are remembered. */
  since(moment: number): readonly T[] | undefined {
    if (moment < this.#forgottenAt) return undefined;
    const items: T[] = [];
    for (let i = this.#entries.length - 1; i >= 0 && this.#entries[i]!.at > moment; i--) {
      items.push(this.#entries[i]!.item);
    }
    return items;
  }
}
