import type { Labels } from "../model/labels.ts";
import { anchorOf } from "./anchor.ts";
import { Buckets } from "./buckets.ts";
import type { CompiledSelector } from "./selector.ts";
import { pair } from "./selector-index.ts";

/** From a selector to the objects that it may match: an inverted index by label and by label key. */
export class LabelIndex<T> {
  readonly #byPair = new Buckets<string, T>();
  readonly #byKey = new Buckets<string, T>();

  add(labels: Labels, item: T): void {
    for (const [key, value] of Object.entries(labels)) {
      this.#byKey.add(key, item);
      this.#byPair.add(pair(key, value), item);
    }
  }

  delete(labels: Labels, item: T): void {
    for (const [key, value] of Object.entries(labels)) {
      this.#byKey.delete(key, item);
      this.#byPair.delete(pair(key, value), item);
    }
  }

  /** The sets whose union holds every match; undefined when any object may match. The caller matches in full. */
  candidates(selector: CompiledSelector): readonly ReadonlySet<T>[] | undefined {
    const anchor = anchorOf(selector);
    if (anchor === undefined) return undefined;
    const sets =
      anchor.values === undefined
        ? [this.#byKey.get(anchor.key)]
        : anchor.values.map((value) => this.#byPair.get(pair(anchor.key, value)));
    return sets.filter((set) => set !== undefined);
  }
}
