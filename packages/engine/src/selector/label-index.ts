import type { Labels } from "../model/labels.ts";
import { anchorOf } from "./anchor.ts";
import { Buckets } from "./buckets.ts";
import type { CompiledSelector } from "./selector.ts";

/** From a selector to the objects that it may match: an inverted index by label key and value. */
export class LabelIndex<T> {
  /** By key, then by value. */
  readonly #byKey = new Map<string, Buckets<string, T>>();

  add(labels: Labels, item: T): void {
    for (const [key, value] of Object.entries(labels)) {
      let byValue = this.#byKey.get(key);
      if (byValue === undefined) {
        byValue = new Buckets();
        this.#byKey.set(key, byValue);
      }
      byValue.add(value, item);
    }
  }

  delete(labels: Labels, item: T): void {
    for (const [key, value] of Object.entries(labels)) {
      const byValue = this.#byKey.get(key);
      byValue?.delete(value, item);
      if (byValue?.isEmpty) this.#byKey.delete(key);
    }
  }

  /** The sets whose union holds every match; undefined when any object may match. The caller matches in full. */
  candidates(selector: CompiledSelector): readonly ReadonlySet<T>[] | undefined {
    const anchor = anchorOf(selector);
    if (anchor === undefined) return undefined;
    const byValue = this.#byKey.get(anchor.key);
    if (byValue === undefined) return [];
    if (anchor.values === undefined) return [...byValue.sets()];
    return anchor.values.map((value) => byValue.get(value)).filter((set) => set !== undefined);
  }
}
