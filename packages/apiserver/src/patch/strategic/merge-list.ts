import { isRecord } from "../../json.ts";
import { getOwn, type JsonRecord } from "../json-value.ts";
import { patchKey } from "./directives.ts";
import { inOrder } from "./element-order.ts";
import {
  badPatchType,
  internal,
  listOfLists,
  mixedElements,
  noMergeKey,
  wrongType,
} from "./patch-refusals.ts";

type List = readonly unknown[];

/** Merges one item of the patch into the item that has the same key. */
type MergeItem = (original: JsonRecord, patch: JsonRecord) => unknown;

/** Two lists of the `merge` strategy: the patch's items first among those it names, the others where they were. */
export function mergeList(
  original: List,
  patch: List,
  mergeKey: string | undefined,
  mergeItem: MergeItem,
): List {
  if (original.length === 0 && patch.length === 0) return original;
  if (!haveMaps(original, patch)) {
    return inOrder([...new Set([...original, ...patch])], patch, original, identity);
  }
  if (mergeKey === undefined) throw internal("cannot merge lists without merge key for type struct");
  const keyOf = keyReader(mergeKey);
  const { base, rest } = applyItemDirectives(original, patch, mergeKey);
  return inOrder(mergeByKey(base, rest, mergeKey, mergeItem), rest, original, keyOf);
}

/** Reads the key that pairs items; an item without it cannot be merged. */
export function keyReader(mergeKey: string): (item: unknown) => unknown {
  return (item) => {
    if (!isRecord(item)) throw wrongType("map", item);
    if (!Object.hasOwn(item, mergeKey)) throw noMergeKey(item, mergeKey);
    return item[mergeKey];
  };
}

export const identity = (item: unknown): unknown => item;

/** Whether the lists are of objects; they have to be all of one type, and not of lists. */
export function haveMaps(...lists: readonly List[]): boolean {
  const all = lists.flat();
  if (all.some((item) => Array.isArray(item))) throw listOfLists();
  const kinds = new Set(all.map((item) => (item === null ? "null" : typeof item)));
  if (kinds.size > 1) throw mixedElements(...lists);
  return kinds.has("object");
}

/** What is left of the list after `$patch: delete` and `$patch: replace` items, and the items that are no directives. */
function applyItemDirectives(
  original: List,
  patch: List,
  mergeKey: string,
): { readonly base: List; readonly rest: List } {
  const deleted = new Set<unknown>();
  const rest: unknown[] = [];
  let replaced = false;
  for (const item of patch as readonly JsonRecord[]) {
    if (!Object.hasOwn(item, patchKey)) rest.push(item);
    else if (item[patchKey] === "replace") replaced = true;
    else if (item[patchKey] === "delete") deleted.add(keyReader(mergeKey)(item));
    else if (item[patchKey] === "merge") throw internal("merging lists cannot yet be specified in the patch");
    else throw badPatchType(item[patchKey], item);
  }
  if (replaced) return { base: [], rest };
  return { base: original.filter((item) => !deleted.has(getOwn(item as JsonRecord, mergeKey))), rest };
}

function mergeByKey(base: List, patch: List, mergeKey: string, mergeItem: MergeItem): List {
  const merged = [...base];
  const places = new Map<unknown, number>();
  for (const [i, item] of base.entries()) {
    const key = getOwn(item as JsonRecord, mergeKey);
    if (!places.has(key)) places.set(key, i);
  }
  for (const item of patch as readonly JsonRecord[]) {
    const key = keyReader(mergeKey)(item);
    const place = places.get(key);
    const original = place === undefined ? {} : (merged[place] as JsonRecord);
    const result = mergeItem(original, item);
    if (place === undefined) places.set(key, merged.push(result) - 1);
    else merged[place] = result;
  }
  return merged;
}
