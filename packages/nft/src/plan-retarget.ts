import { ruleIdentity } from "./format-rule.ts";
import { DYNAMIC_SIZE, type Element, type MapElement, type NftMap, type NftSet } from "./set.ts";
import type { Chain, Hook, Table } from "./table.ts";
import type { Operation } from "./transaction.ts";

/** What cannot change under one name. */
export function setDefinition(set: NftSet | NftMap): string {
  const size = "dynamic" in set && set.dynamic ? (set.size ?? DYNAMIC_SIZE) : undefined;
  const value = "value" in set ? set.value : undefined;
  const { key, interval, dynamic, timeout } = set as Partial<NftSet>;
  return JSON.stringify([key, value, interval ?? false, dynamic ?? false, timeout ?? 0, size]);
}

/** As `setDefinition`, for a chain. */
export function hookDefinition(hook: Hook | undefined): string {
  return hook ? `${hook.type} ${hook.hook} ${hook.priority} ${hook.policy}` : "no hook";
}

function assertSameDefinition(what: string, name: string, current: string, desired: string): void {
  if (current !== desired)
    throw new Error(`${what} ${name} is ${current} and should become ${desired}: give it another name`);
}

/** Whether two elements of one key say the same; counters do not count. */
export function sameValue(a: Element | MapElement, b: Element | MapElement): boolean {
  if (a === b) return true;
  const [x, y] = ["value" in a ? a.value : undefined, "value" in b ? b.value : undefined];
  if (x === undefined || y === undefined) return x === y;
  if ("kind" in x || "kind" in y)
    return (
      "kind" in x &&
      "kind" in y &&
      x.kind === y.kind &&
      ("chain" in x ? x.chain : "") === ("chain" in y ? y.chain : "")
    );
  return x.join(" . ") === y.join(" . ");
}

interface ElementChanges {
  readonly removed: Element[];
  readonly added: (Element | MapElement)[];
  /** Other value for the same key. */
  readonly changed: { readonly old: Element; readonly new: Element | MapElement }[];
}

function elementChanges(
  current: ReadonlyMap<string, Element | MapElement>,
  desired: ReadonlyMap<string, Element | MapElement>,
): ElementChanges {
  const changes: ElementChanges = { removed: [], added: [], changed: [] };
  if (current === desired) return changes;
  for (const [key, element] of current) if (!desired.has(key)) changes.removed.push(element);
  for (const [key, element] of desired) {
    const old = current.get(key);
    if (!old) changes.added.push(element);
    else if (!sameValue(old, element)) changes.changed.push({ old, new: element });
  }
  return changes;
}

/** Elements to be asked for one by one, and for most of them: only a Map is made for that. */
export function lookUp<E extends Element>(elements: ReadonlyMap<string, E>): ReadonlyMap<string, E> {
  return elements instanceof Map ? elements : new Map(elements);
}

function elementsOperation(
  op: "add elements" | "delete elements",
  set: NftSet | NftMap,
  elements: readonly (Element | MapElement)[],
): Operation[] {
  return elements.length > 0 ? [{ op, set, elements }] : [];
}

/** Chains that were found to be the same, each with the other: those of a listing are compared again and again. */
const foundSame = new WeakMap<Chain, Chain>();

/** Whether two chains of one name have rules that do the same. */
export function sameRules(current: Chain, desired: Chain): boolean {
  if (current === desired || current.rules === desired.rules || foundSame.get(current) === desired)
    return true;
  if (current.rules.length !== desired.rules.length) return false;
  const same = current.rules.every((rule, i) => {
    const other = desired.rules[i];
    return other !== undefined && (rule === other || ruleIdentity(rule) === ruleIdentity(other));
  });
  if (same) foundSame.set(current, desired);
  return same;
}

/**
 * Changes of what exists, in the order in which they may be cut into transactions: first what leaves sets, so that no
 * one keeps a right too long, then what joins, then rules, last the maps that send packets to chains.
 */
export function planRetarget(current: Table, desired: Table): Operation[] {
  const removals: Operation[] = [];
  const additions: Operation[] = [];
  const rewrites: Operation[] = [];
  const verdicts: Operation[] = [];
  for (const [name, set] of desired.sets) {
    const old = current.sets.get(name);
    if (!old || old === set) continue;
    assertSameDefinition("set", name, setDefinition(old), setDefinition(set));
    if (set.dynamic) continue;
    const changes =
      set.elements.changeSince?.(old.elements) ?? elementChanges(old.elements, lookUp(set.elements));
    removals.push(...elementsOperation("delete elements", set, changes.removed));
    additions.push(...elementsOperation("add elements", set, changes.added));
  }
  for (const [name, chain] of desired.chains) {
    const old = current.chains.get(name);
    if (!old || old === chain) continue;
    assertSameDefinition("chain", name, hookDefinition(old.hook), hookDefinition(chain.hook));
    if (sameRules(old, chain)) continue;
    rewrites.push({ op: "flush chain", name });
    if (chain.rules.length > 0) rewrites.push({ op: "add rules", chain: name, rules: chain.rules });
  }
  for (const [name, map] of desired.maps) {
    const old = current.maps.get(name);
    if (!old || old === map) continue;
    assertSameDefinition("map", name, setDefinition(old), setDefinition(map));
    const changes = elementChanges(old.elements, map.elements);
    verdicts.push(
      ...elementsOperation("delete elements", map, [
        ...changes.removed,
        ...changes.changed.map((c) => c.old),
      ]),
      ...elementsOperation("add elements", map, [...changes.changed.map((c) => c.new), ...changes.added]),
    );
  }
  return [...removals, ...additions, ...rewrites, ...verdicts];
}
