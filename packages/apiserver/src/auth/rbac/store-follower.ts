import type { ApiObject } from "../../api-object.ts";
import type { Store } from "../../store/store.ts";
import type { Watch } from "../../store/watch.ts";

interface Listener {
  put(object: ApiObject, previous: ApiObject | undefined): void;
  remove(object: ApiObject): void;
}

/**
 * Tells what changed in one collection of the store, when asked to and at once: who asks right after a write has it. Begins
 * with everything that is there. Costs nothing before it is first asked, and next to nothing when nothing changed.
 */
export class StoreFollower {
  readonly #store: Pick<Store, "list" | "watch">;
  readonly #resource: string;
  readonly #listener: Listener;
  readonly #known = new Map<string, ApiObject>();
  #watch: Watch | undefined;

  constructor(store: Pick<Store, "list" | "watch">, resource: string, listener: Listener) {
    this.#store = store;
    this.#resource = resource;
    this.#listener = listener;
  }

  catchUp(): void {
    if (this.#watch === undefined || this.#watch.closed) this.#startOver();
    for (;;) {
      const change = this.#watch?.poll();
      if (change === undefined) return;
      if (change === "expired") this.#startOver();
      else if (change.type === "DELETED") this.#remove(change.object);
      else this.#put(change.object);
    }
  }

  close(): void {
    this.#watch?.close();
    this.#watch = undefined;
  }

  /** What is there now, and what was there and is not any more. */
  #startOver(): void {
    this.close();
    const { items, revision } = this.#store.list(this.#resource);
    const present = new Set(items.map(keyOf));
    for (const [key, object] of [...this.#known]) if (!present.has(key)) this.#remove(object);
    for (const object of items) this.#put(object);
    const watch = this.#store.watch(this.#resource, revision);
    if (watch !== "expired") this.#watch = watch;
  }

  #put(object: ApiObject): void {
    const previous = this.#known.get(keyOf(object));
    this.#known.set(keyOf(object), object);
    this.#listener.put(object, previous);
  }

  /** Told with the state that was told before, which is what has to be taken back. */
  #remove(object: ApiObject): void {
    const known = this.#known.get(keyOf(object));
    this.#known.delete(keyOf(object));
    if (known !== undefined) this.#listener.remove(known);
  }
}

function keyOf({ metadata: { namespace = "", name } }: ApiObject): string {
  return `${namespace}/${name}`;
}
