import type { LabelSelectorRequirement } from "../model/labels.ts";
import type { CompiledSelector } from "../selector/selector.ts";

/** What one label may be: missing or not; and one of some values, or (negated) any but these. */
interface LabelValues {
  readonly missing: boolean;
  readonly negated: boolean;
  readonly values: ReadonlySet<string>;
}

/** All sets of labels that a selector matches, by key; a key that is not there may be anything. */
export type LabelSpace = ReadonlyMap<string, LabelValues>;

const anything: LabelValues = { missing: true, negated: true, values: new Set() };

/** Exact: requirements of one key are joined, and keys do not depend on each other. */
export function labelSpace({ requirements }: CompiledSelector): LabelSpace {
  const space = new Map<string, LabelValues>();
  for (const requirement of requirements) {
    const { key } = requirement;
    space.set(key, both(space.get(key) ?? anything, valuesOf(requirement)));
  }
  return space;
}

/** A key that no label can satisfy; undefined when something matches. */
export function impossibleKey(space: LabelSpace): string | undefined {
  for (const [key, { missing, negated, values }] of space) {
    if (!missing && !negated && values.size === 0) return key;
  }
  return undefined;
}

/** Whether everything in `inner` is in `outer`. */
export function spaceWithin(inner: LabelSpace, outer: LabelSpace): boolean {
  if (impossibleKey(inner) !== undefined) return true;
  for (const [key, values] of outer) if (!valuesWithin(inner.get(key) ?? anything, values)) return false;
  return true;
}

function valuesOf({ operator, values }: LabelSelectorRequirement): LabelValues {
  switch (operator) {
    case "In":
      return { missing: false, negated: false, values: new Set(values) };
    case "NotIn":
      return { missing: true, negated: true, values: new Set(values) };
    case "Exists":
      return { missing: false, negated: true, values: new Set() };
    case "DoesNotExist":
      return { missing: true, negated: false, values: new Set() };
  }
}

function both(a: LabelValues, b: LabelValues): LabelValues {
  const missing = a.missing && b.missing;
  if (a.negated && b.negated) return { missing, negated: true, values: new Set([...a.values, ...b.values]) };
  const [some, other] = a.negated ? [b, a] : [a, b];
  const values = [...some.values].filter((value) => other.values.has(value) !== other.negated);
  return { missing, negated: false, values: new Set(values) };
}

function valuesWithin(inner: LabelValues, outer: LabelValues): boolean {
  if (inner.missing && !outer.missing) return false;
  // All but some values are infinitely many, and fit into no list.
  if (inner.negated) return outer.negated && [...outer.values].every((value) => inner.values.has(value));
  return [...inner.values].every((value) => outer.values.has(value) !== outer.negated);
}
