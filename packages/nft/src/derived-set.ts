import type { Element, NftSet } from "./set.ts";

/** What tells a set from the one that it was derived from. */
export interface ElementChange {
  /** Keys that the base does not have. */
  readonly added: readonly Element[];
  /** Keys that the base has. */
  readonly removed: readonly Element[];
}

interface Origin extends ElementChange {
  readonly parent: WeakRef<NftSet>;
  /** The parent, for as long as the elements have to be made from its: else a set would hold all its ancestors. */
  base: NftSet | undefined;
  readonly definition: Omit<NftSet, "elements">;
  /** Elements that changed since a set whose elements are at hand. */
  readonly pending: number;
  /** Once somebody has asked for them. */
  elements?: ReadonlyMap<string, Element>;
}

const origins = new WeakMap<NftSet, Origin>();

/** Changes are kept as changes until there are so many; then the elements are copied once. */
const maxPending = 1_000;

/**
 * The set with some elements more and some less. Nothing is copied until somebody asks for the elements, and a planner
 * that meets both sets does not: an update of a large set costs what changes in it.
 */
export function deriveSet(base: NftSet, change: ElementChange): NftSet {
  const known = origins.get(base);
  const definition = known?.definition ?? definitionOf(base);
  const pending = pendingOf(known) + change.added.length + change.removed.length;
  const origin: Origin = { parent: new WeakRef(base), base, definition, pending, ...change };
  const set: NftSet = {
    ...definition,
    get elements() {
      return settle(origin);
    },
  };
  if (pending > maxPending) settle(origin);
  origins.set(set, origin);
  return set;
}

function pendingOf(origin: Origin | undefined): number {
  return origin === undefined || origin.elements !== undefined ? 0 : origin.pending;
}

/** Makes the elements, by one copy of the nearest ancestor's that are at hand and all changes since. */
function settle(origin: Origin): ReadonlyMap<string, Element> {
  if (origin.elements !== undefined) return origin.elements;
  const changes: ElementChange[] = [];
  let source: NftSet | undefined;
  for (let at: Origin | undefined = origin; at !== undefined && at.elements === undefined; ) {
    changes.push(at);
    source = at.base;
    at = source && origins.get(source);
  }
  const elements = new Map(source?.elements);
  for (const { added, removed } of changes.reverse()) {
    for (const { key } of removed) elements.delete(key.join(" . "));
    for (const element of added) elements.set(element.key.join(" . "), element);
  }
  origin.elements = elements;
  origin.base = undefined;
  return elements;
}

/** How `set` was derived from `base`; undefined when it was not. */
export function changeSince(base: NftSet, set: NftSet): ElementChange | undefined {
  const origin = origins.get(set);
  return origin?.parent.deref() === base ? origin : undefined;
}

function definitionOf({ elements: _, ...definition }: NftSet): Omit<NftSet, "elements"> {
  return definition;
}
