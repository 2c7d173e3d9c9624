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
  const wanted = field.items(applied);
  const names = new Set(wanted.map(([name]) => name));
  const liveByName = onlyOnce(field.items(live));
  const shared = [...names].filter((name) => liveByName.has(name));
  const merged: unknown[] = [];
  let next = 0;
  const takeThrough = (last: PathElement | undefined): void => {
    while (next < wanted.length) {
      const [name, item] = wanted[next++]!;
      merged.push(mergeValues(liveByName.get(name), item, field.item));
      if (name === last) return;
    }
  };
  let nextShared = 0;
  for (const item of live) {
    const name = field.itemElement(item);
    if (typeof name !== "string" || !names.has(name)) merged.push(item);
    else if (shared[nextShared] === name) takeThrough(shared[nextShared++]);
  }
  takeThrough(undefined);
  return merged;
}

/** Items by name; those whose name occurs twice cannot be told apart and merge with nothing. */
function onlyOnce(items: readonly (readonly [PathElement, unknown])[]): ReadonlyMap<PathElement, unknown> {
  const byName = new Map<PathElement, unknown>();
  for (const [name, item] of items) byName.set(name, byName.has(name) ? undefined : item);
  return byName;
}
