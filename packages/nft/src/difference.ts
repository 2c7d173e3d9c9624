import { ruleIdentity } from "./format-rule.ts";
import { hookDefinition, lookUp, sameRules, sameValue, setDefinition } from "./plan-retarget.ts";
import type { Element, MapElement, NftMap, NftSet } from "./set.ts";
import type { Chain, Table } from "./table.ts";

function* elementDifferences(
  what: string,
  current: NftSet | NftMap,
  desired: NftSet | NftMap,
): Iterable<string> {
  if (current.elements === desired.elements) return;
  const [have, want] = [
    lookUp<Element | MapElement>(current.elements),
    lookUp<Element | MapElement>(desired.elements),
  ];
  for (const key of have.keys()) if (!want.has(key)) yield `${what}: unexpected element ${key}`;
  for (const [key, element] of want) {
    const other = have.get(key);
    if (!other) yield `${what}: element ${key} is missing`;
    else if (!sameValue(other, element)) yield `${what}: element ${key} has another value`;
  }
}

function* definitionDifferences(
  what: string,
  current: NftSet | NftMap,
  desired: NftSet | NftMap,
): Iterable<string> {
  const [have, want] = [setDefinition(current), setDefinition(desired)];
  if (have !== want) yield `${what} is defined as ${have} instead of ${want}`;
}

function* setDifferences(what: string, current: NftSet | NftMap, desired: NftSet | NftMap): Iterable<string> {
  const redefined = [...definitionDifferences(what, current, desired)];
  yield* redefined;
  if (redefined.length > 0 || ("dynamic" in desired && desired.dynamic)) return;
  yield* elementDifferences(what, current, desired);
}

function* chainDifferences(what: string, current: Chain, desired: Chain): Iterable<string> {
  const [have, want] = [hookDefinition(current.hook), hookDefinition(desired.hook)];
  if (have !== want) yield `${what} is defined as ${have} instead of ${want}`;
  if (sameRules(current, desired)) return;
  const rules = Math.max(current.rules.length, desired.rules.length);
  for (let i = 0; i < rules; i++) {
    const [other, rule] = [current.rules[i], desired.rules[i]].map((r) => (r ? ruleIdentity(r) : "nothing"));
    if (other !== rule) yield `${what}: rule ${i + 1} is ${other} instead of ${rule}`;
  }
}

function* mapDifferences<T>(
  what: string,
  current: ReadonlyMap<string, T>,
  desired: ReadonlyMap<string, T>,
  compare: (what: string, current: T, desired: T) => Iterable<string>,
): Iterable<string> {
  for (const name of current.keys()) if (!desired.has(name)) yield `${what} ${name} is unexpected`;
  for (const [name, object] of desired) {
    const other = current.get(name);
    if (other === undefined) yield `${what} ${name} is missing`;
    else if (other !== object) yield* compare(`${what} ${name}`, other, object);
  }
}

/**
 * How the table that is there differs from the one that should be, one sentence a difference, for people. Counters and
 * elements of dynamic sets are not looked at. Empty when all is well.
 */
export function tableDifference(current: Table | undefined, desired: Table): string[] {
  return difference(current, desired, setDifferences);
}

/** As `tableDifference`, but for the elements of sets and maps: for a table that was listed tersely. */
export function definitionDifference(current: Table | undefined, desired: Table): string[] {
  return difference(current, desired, definitionDifferences);
}

/** The rest, for one set or map. */
export function elementDifference(
  current: NftSet | NftMap | undefined,
  desired: NftSet | NftMap,
): readonly string[] {
  const what = `${"value" in desired ? "map" : "set"} ${desired.name}`;
  return current === undefined ? [`${what} is missing`] : [...setDifferences(what, current, desired)];
}

function difference(
  current: Table | undefined,
  desired: Table,
  compareSets: (what: string, current: NftSet | NftMap, desired: NftSet | NftMap) => Iterable<string>,
): string[] {
  if (!current) return [`table ${desired.family} ${desired.name} is missing`];
  return [
    ...mapDifferences("set", current.sets, desired.sets, compareSets),
    ...mapDifferences("map", current.maps, desired.maps, compareSets),
    ...mapDifferences("chain", current.chains, desired.chains, chainDifferences),
  ];
}
