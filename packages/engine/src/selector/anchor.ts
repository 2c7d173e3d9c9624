import type { CompiledSelector } from "./selector.ts";

/**
 * A necessary condition of a selector that an inverted index can look up: the object has the key, and (when `values` is
 * given) one of the values. An object has one value per key, so it meets at most one of them.
 */
export interface Anchor {
  readonly key: string;
  readonly values?: readonly string[];
}

/**
 * The most telling such condition: the `In` with the fewest values, else an `Exists`. Undefined when the selector has
 * none (it is empty, or made of NotIn and DoesNotExist): then any object may match.
 */
export function anchorOf(selector: CompiledSelector): Anchor | undefined {
  let best: Anchor | undefined;
  for (const { key, operator, values } of selector.requirements) {
    if (operator === "In") {
      if (best?.values === undefined || values.length < best.values.length) best = { key, values };
    } else if (operator === "Exists") {
      best ??= { key };
    }
  }
  return best;
}
