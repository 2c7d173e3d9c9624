import { isRecord, sameJson } from "../../json.ts";
import { type FieldSet, FieldSetBuilder } from "./field-set.ts";
import { fieldElement, type PathElement } from "./path-element.ts";
import type { TypedField } from "./typed-field.ts";

/** Which fields are different from one object to the next. No field is in two of the sets. */
export interface Comparison {
  readonly removed: FieldSet;
  readonly modified: FieldSet;
  readonly added: FieldSet;
}

interface Builders {
  readonly removed: FieldSetBuilder;
  readonly modified: FieldSetBuilder;
  readonly added: FieldSetBuilder;
}

export function compareValues(before: unknown, after: unknown, field: TypedField): Comparison {
  const sets = {
    removed: new FieldSetBuilder(),
    modified: new FieldSetBuilder(),
    added: new FieldSetBuilder(),
  };
  descend(before, after, field, sets);
  const { removed, modified, added } = sets;
  return { removed: removed.build(), modified: modified.build(), added: added.build() };
}

/** Compares what is below a field; a side that is of another kind has nothing there. */
function descend(before: unknown, after: unknown, field: TypedField, sets: Builders): void {
  if (before === after) return;
  const [was, is] = [field.grain(before), field.grain(after)];
  if (was === "members" || is === "members") {
    compareMembers(isRecord(before) ? before : {}, isRecord(after) ? after : {}, field, sets);
  }
  if (was === "items" || is === "items") {
    compareItems(Array.isArray(before) ? before : [], Array.isArray(after) ? after : [], field, sets);
  }
}

function compareMembers(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
  field: TypedField,
  sets: Builders,
): void {
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const was = Object.hasOwn(before, name) ? before[name] : undefined;
    const is = Object.hasOwn(after, name) ? after[name] : undefined;
    compareField(was, is, fieldElement(name), field.member(name), sets);
  }
}

function compareItems(
  before: readonly unknown[],
  after: readonly unknown[],
  field: TypedField,
  sets: Builders,
): void {
  const was = grouped(before, field);
  const is = grouped(after, field);
  for (const element of new Set([...was.keys(), ...is.keys()])) {
    compareGroups(was.get(element) ?? [], is.get(element) ?? [], element, field.item, sets);
  }
}

function grouped(list: readonly unknown[], field: TypedField): Map<PathElement, unknown[]> {
  const groups = new Map<PathElement, unknown[]>();
  for (const [element, item] of field.items(list)) {
    const group = groups.get(element);
    if (group === undefined) groups.set(element, [item]);
    else group.push(item);
  }
  return groups;
}

/** Items of one name: usually one on each side; several are compared as a whole. */
function compareGroups(
  was: readonly unknown[],
  is: readonly unknown[],
  element: PathElement,
  item: TypedField,
  sets: Builders,
): void {
  if (was.length <= 1 && is.length <= 1) {
    compareField(was[0], is[0], element, item, sets);
  } else if (was.length > 1 && is.length > 1) {
    if (!sameJson(was, is)) sets.modified.add(element);
  } else if (was.length > 1) {
    if (is.length > 0) compareField(undefined, is[0], element, item, sets);
    sets.removed.add(element);
  } else {
    if (was.length > 0) compareField(was[0], undefined, element, item, sets);
    sets.added.add(element);
  }
}

function compareField(
  was: unknown,
  is: unknown,
  element: PathElement,
  field: TypedField,
  sets: Builders,
): void {
  if (was === is) return;
  if (was === undefined) sets.added.add(element);
  else if (is === undefined) sets.removed.add(element);
  else if (isLeaf(was, is, field) && !sameJson(was, is)) sets.modified.add(element);
  descend(was, is, field, {
    removed: sets.removed.into(element),
    modified: sets.modified.into(element),
    added: sets.added.into(element),
  });
}

function isLeaf(was: unknown, is: unknown, field: TypedField): boolean {
  return (
    field.grain(was) === "whole" || field.grain(is) === "whole" || Array.isArray(was) !== Array.isArray(is)
  );
}
