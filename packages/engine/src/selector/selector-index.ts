import type { Labels } from "../model/labels.ts";
import { anchorOf } from "./anchor.ts";
import { Buckets } from "./buckets.ts";
import type { CompiledSelector } from "./selector.ts";

/**
 * From labels to the selectors that may match them. Every selector is filed under its anchor, so an object with new
 * labels meets only the selectors that ask for one of its labels, and those that ask for none.
 */
export class SelectorIndex<T> {
  readonly #byPair = new Buckets<string, T>();
  readonly #byKey = new Buckets<string, T>();
  readonly #unanchored = new Set<T>();

  add(selector: CompiledSelector, item: T): void {
    const anchor = anchorOf(selector);
    if (anchor === undefined) this.#unanchored.add(item);
    else if (anchor.values === undefined) this.#byKey.add(anchor.key, item);
    else for (const value of anchor.values) this.#byPair.add(pair(anchor.key, value), item);
  }

  delete(selector: CompiledSelector, item: T): void {
    const anchor = anchorOf(selector);
    if (anchor === undefined) this.#unanchored.delete(item);
    else if (anchor.values === undefined) this.#byKey.delete(anchor.key, item);
    else for (const value of anchor.values) this.#byPair.delete(pair(anchor.key, value), item);
  }

  /** Visits every item whose selector may match, each once. The visitor still has to match the whole selector. */
  visit(labels: Labels, visitor: (item: T) => void): void {
    for (const item of this.#unanchored) visitor(item);
    for (const key of Object.keys(labels)) {
      for (const item of this.#byKey.get(key) ?? []) visitor(item);
      for (const item of this.#byPair.get(pair(key, labels[key]!)) ?? []) visitor(item);
    }
  }
}

// NUL can be in no label, so the pair is unambiguous.
const pair = (key: string, value: string): string => `${key}\0${value}`;
