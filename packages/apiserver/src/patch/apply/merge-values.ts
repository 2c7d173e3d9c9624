import { isRecord } from "../../json.ts";
import { getOwn, setOwn } from "../json-value.ts";
import type { PathElement } from "./path-element.ts";
import type { TypedField } from "./typed-field.ts";

/** The live value with what was applied written over it, field by field. undefined is no value; null removes a leaf. */
export function mergeValues(live: unknown, applied: unknown, field: TypedField): unknown {
  if (applied === undefined) return live;
  if (applied === null) return field.grain(live) === "whole" ? undefined : live;
  const grain = field.grain(applied);
  if (grain === "members") return mergeMembers(isRecord(live) ? live : {}, applied as Members, field);
  if (grain === "items") return mergeItems(Array.isArray(live) ? live : [], applied as unknown[], field);
  return applied;
}

type Members = Readonly<Record<string, unknown>>;

function mergeMembers(live: Members, applied: Members, field: TypedField): Members {
  const merged = { ...live };
  for (const name of Object.keys(applied)) {
    const value = mergeValues(getOwn(live, name), applied[name], field.member(name));
    if (value === undefined) delete merged[name];
    else setOwn(merged, name, value);
  }
  return merged;
}

/**
 * The applied items come in the order they were applied in; items that only the live list has stay behind the neighbour
 * they followed, as far as that can be (structured-merge-diff, merging of lists).
 */
function mergeItems(
  live: readonly unknown[],
  applied: readonly unknown[],
  field: TypedField,
): readonly unknown[] {
  const appliedItems = field.items(applied);
  const liveItems = field.items(live);
  const appliedByName = new Map(appliedItems);
  const liveByName = onlyOnce(liveItems);
  const merged: unknown[] = [];
  const taken = new Set<PathElement>();
  const take = (name: PathElement, item: unknown): void => {
    taken.add(name);
    merged.push(mergeValues(liveByName.get(name), item, field.item));
  };
  const shared = appliedItems.map(([name]) => name).filter((name) => liveByName.has(name));
  let nextShared = 0;
  let atApplied = 0;
  const takeApplied = (): void => {
    const [name, item] = appliedItems[atApplied++]!;
    take(name, item);
    if (shared[nextShared] === name) nextShared++;
  };
  for (const [name, item] of liveItems) {
    if (!appliedByName.has(name)) merged.push(item);
    else if (shared[nextShared] === name) while (!taken.has(name)) takeApplied();
  }
  while (atApplied < appliedItems.length) takeApplied();
  return merged;
}

/** Items by name; those whose name occurs twice cannot be told apart and merge with nothing. */
function onlyOnce(items: readonly (readonly [PathElement, unknown])[]): ReadonlyMap<PathElement, unknown> {
  const byName = new Map<PathElement, unknown>();
  for (const [name, item] of items) byName.set(name, byName.has(name) ? undefined : item);
  return byName;
}
