import type { Element, NftSet } from "./set.ts";

/** What tells a set from the one that it was derived from. */
export interface ElementChange {
  /** Keys that the base does not have. */
  readonly added: readonly Element[];
  /** Keys that the base has. */
  readonly removed: readonly Element[];
}

interface Origin extends ElementChange {
  readonly base: NftSet;
  readonly definition: Omit<NftSet, "elements">;
  /** Derivations since a set whose elements are at hand. */
  readonly depth: number;
}

const origins = new WeakMap<NftSet, Origin>();

/** So many changes are kept as changes; then the elements are copied once. */
const maxDepth = 64;

/**
 * The set with some elements more and some less. Nothing is copied until somebody asks for the elements, and a planner
 * that meets both sets does not: an update of a large set costs what changes in it.
 */
export function deriveSet(base: NftSet, change: ElementChange): NftSet {
  const known = origins.get(base);
  const definition = known?.definition ?? definitionOf(base);
  const depth = (known?.depth ?? 0) + 1;
  let elements: ReadonlyMap<string, Element> | undefined;
  const set: NftSet = {
    ...definition,
    get elements() {
      elements ??= applied(base.elements, change);
      return elements;
    },
  };
  if (depth <= maxDepth) origins.set(set, { base, definition, depth, ...change });
  else elements = applied(base.elements, change);
  return set;
}

/** How `set` was derived from `base`; undefined when it was not. */
export function changeSince(base: NftSet, set: NftSet): ElementChange | undefined {
  const origin = origins.get(set);
  return origin?.base === base ? origin : undefined;
}

function definitionOf({ elements: _, ...definition }: NftSet): Omit<NftSet, "elements"> {
  return definition;
}

function applied(
  elements: ReadonlyMap<string, Element>,
  { added, removed }: ElementChange,
): ReadonlyMap<string, Element> {
  const result = new Map(elements);
  for (const { key } of removed) result.delete(key.join(" . "));
  for (const element of added) result.set(element.key.join(" . "), element);
  return result;
}
