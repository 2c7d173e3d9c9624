import type { Element, NftSet } from "./set.ts";

/** What tells a set from the one that it was derived from. */
export interface ElementChange {
  readonly added: readonly Element[];
  readonly removed: readonly Element[];
}

interface Origin extends ElementChange {
  readonly base: NftSet;
}

const origins = new WeakMap<NftSet, Origin>();

/**
 * The set with some elements more and some less. A planner that meets both need not compare their elements, so an update
 * of a large set costs what changes in it.
 * @param added keys that `base` does not have. @param removed keys that it has.
 */
export function deriveSet(base: NftSet, added: readonly Element[], removed: readonly Element[]): NftSet {
  const elements = new Map(base.elements);
  for (const { key } of removed) elements.delete(key.join(" . "));
  for (const element of added) elements.set(element.key.join(" . "), element);
  const set = { ...base, elements };
  origins.set(set, { base, added, removed });
  return set;
}

/** How `set` was derived from `base`; undefined when it was not. */
export function changeSince(base: NftSet, set: NftSet): ElementChange | undefined {
  const origin = origins.get(set);
  return origin?.base === base ? origin : undefined;
}
