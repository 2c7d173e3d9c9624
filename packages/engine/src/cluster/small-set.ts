/** Up to so many items an array is both smaller and faster than a Set. */
const few = 32;

const nothing: readonly never[] = [];

/** A set that has few items in most of its many instances: those take a fifth of the memory of a Set. */
export class SmallSet<T> implements Iterable<T> {
  #items: readonly T[] | Set<T> = nothing;

  has(item: T): boolean {
    const items = this.#items;
    return items instanceof Set ? items.has(item) : items.includes(item);
  }

  add(item: T): void {
    const items = this.#items;
    if (items instanceof Set) items.add(item);
    // A new array of just the size, for one that is pushed to takes room for many.
    else if (!items.includes(item))
      this.#items = items.length < few ? [...items, item] : new Set([...items, item]);
  }

  delete(item: T): void {
    const items = this.#items;
    if (items instanceof Set) items.delete(item);
    else if (items.includes(item)) this.#items = items.filter((each) => each !== item);
  }

  /** What is added or deleted meanwhile may or may not be met. */
  [Symbol.iterator](): Iterator<T> {
    return this.#items[Symbol.iterator]();
  }
}
