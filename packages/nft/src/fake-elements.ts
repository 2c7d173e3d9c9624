import type { FakeTable } from "./fake-table.ts";
import { checkVerdict } from "./fake-validation.ts";
import { KeyIndex } from "./key-index.ts";
import { sameValue } from "./plan-retarget.ts";
import { exists, missing, Refusal } from "./refusal.ts";
import type { Element, MapElement, NftMap, NftSet } from "./set.ts";

/** Refuses keys of an interval set that have a point in common with one another. */
function checkDisjoint(
  set: NftSet | NftMap,
  added: readonly Element[],
  all: ReadonlyMap<string, Element>,
): void {
  if (!("interval" in set) || !set.interval) return;
  const index = new KeyIndex(
    set.key,
    Array.from(all.values(), (element) => element.key),
  );
  for (const { key } of added) if (index.overlapping(key) !== undefined) throw exists();
}

function added<T extends NftSet | NftMap>(
  table: FakeTable,
  set: T,
  elements: readonly (Element | MapElement)[],
): T {
  const all = new Map<string, Element | MapElement>(set.elements);
  for (const element of elements) {
    if (element.key.length !== set.key.length) throw new Refusal("datatype mismatch");
    if ("value" in set !== "value" in element) throw new Refusal("datatype mismatch");
    if ("value" in element && "kind" in element.value) checkVerdict(table, element.value);
    const text = element.key.join(" . ");
    const old = all.get(text);
    if (old && !sameValue(old, element)) throw exists();
    if (!old) all.set(text, element);
  }
  checkDisjoint(set, elements, all);
  return { ...set, elements: all };
}

/** Adds elements to a set or map; those that are there already with the same value do no harm. */
export function addElements(
  table: FakeTable,
  name: string,
  elements: readonly (Element | MapElement)[],
): void {
  const entry = table.sets.get(name);
  const map = table.maps.get(name);
  if (entry) table.sets.set(name, { ...entry, set: added(table, entry.set, elements) });
  else if (map) table.maps.set(name, added(table, map, elements));
  else throw new Refusal("No such file or directory");
}

/** Removes elements by their keys, dynamic ones too. */
export function deleteElements(table: FakeTable, name: string, elements: readonly Element[]): void {
  if (elements.length === 0) return;
  const entry = table.sets.get(name);
  const map = table.maps.get(name);
  if (!entry && !map) throw new Refusal("No such file or directory");
  const rest = new Map<string, Element | MapElement>(entry?.set.elements ?? map?.elements);
  const dynamic = new Map(entry?.dynamic);
  for (const { key } of elements) {
    const text = key.join(" . ");
    if (!rest.delete(text) && !dynamic.delete(text)) throw missing();
  }
  if (entry) table.sets.set(name, { set: { ...entry.set, elements: rest }, dynamic });
  else if (map) table.maps.set(name, { ...map, elements: rest as Map<string, MapElement> });
}
