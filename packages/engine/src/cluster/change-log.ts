/** Changes remembered at least; who asks for more must look at everything. */
const KEPT = 64;

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

  /** Items may repeat; moments must not go back. */
  note(item: T, at: number): void {
    this.#entries.push({ at, item });
    if (this.#entries.length < 2 * KEPT) return;
    this.#forgottenAt = this.#entries[KEPT - 1]!.at;
    this.#entries = this.#entries.slice(KEPT);
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
