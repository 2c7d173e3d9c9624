import { isRecord } from "../../json.ts";
import { FieldSet, FieldSetBuilder } from "./field-set.ts";
import { fieldElement } from "./path-element.ts";
import type { TypedField } from "./typed-field.ts";

/**
 * The fields that a configuration names, which are those its applier owns: leaves, items of lists and entries of maps,
 * but not the objects between them.
 */
export function fieldsOf(value: unknown, field: TypedField): FieldSet {
  const set = new FieldSetBuilder();
  collect(value, field, set);
  return set.build();
}

function collect(value: unknown, field: TypedField, set: FieldSetBuilder): void {
  const grain = field.grain(value);
  if (grain === "members") collectMembers(value as Readonly<Record<string, unknown>>, field, set);
  else if (grain === "items") collectItems(value as readonly unknown[], field, set);
}

function collectMembers(record: Readonly<Record<string, unknown>>, field: TypedField, set: FieldSetBuilder) {
  for (const name of Object.keys(record)) {
    const value = record[name];
    const member = field.member(name);
    const element = fieldElement(name);
    const hollow = isRecord(value) && Object.keys(value).length === 0;
    if (member.grain(value) === "whole" || hollow || !field.declares(name)) set.add(element);
    collect(value, member, set.into(element));
  }
}

/** Items that share a name are one field: whoever owns one owns all. */
function collectItems(list: readonly unknown[], field: TypedField, set: FieldSetBuilder): void {
  const items = field.items(list);
  const counts = new Map<string, number>();
  for (const [element] of items) counts.set(element, (counts.get(element) ?? 0) + 1);
  for (const [element, item] of items) {
    set.add(element);
    if (counts.get(element) === 1) collect(item, field.item, set.into(element));
  }
}

/** The set with the objects between its fields: those that the schema names. */
export function withNamedFields(set: FieldSet, field: TypedField): FieldSet {
  const nodes = new Map(set.nodes);
  for (const [element, { member, below }] of set.nodes) {
    const named = element.startsWith("f:") && !below.isEmpty && field.declares(element.slice(2));
    nodes.set(element, { member: member || named, below: withNamedFields(below, field.at(element)) });
  }
  return new FieldSet(nodes);
}
