import { mapRecord } from "../json-value.ts";
import type { FieldSet } from "./field-set.ts";
import { fieldElement } from "./path-element.ts";
import type { TypedField } from "./typed-field.ts";

/** The value without those fields; undefined when nothing is left of it. */
export function removeFields(value: unknown, gone: FieldSet, field: TypedField): unknown {
  if (gone.isEmpty) return value;
  const grain = field.grain(value);
  if (grain === "members") return removeMembers(value as Readonly<Record<string, unknown>>, gone, field);
  if (grain === "items") return removeItems(value as readonly unknown[], gone, field);
  return Array.isArray(value) || (typeof value === "object" && value !== null) ? undefined : value;
}

function removeMembers(
  record: Readonly<Record<string, unknown>>,
  gone: FieldSet,
  field: TypedField,
): unknown {
  const rest = mapRecord(record, (value, name) => {
    const element = fieldElement(name);
    if (gone.hasMember(element)) return undefined;
    return removeFields(value, gone.below(element), field.member(name));
  });
  return Object.keys(rest).length === 0 ? undefined : rest;
}

function removeItems(list: readonly unknown[], gone: FieldSet, field: TypedField): unknown {
  const rest: unknown[] = [];
  for (const item of list) {
    const element = field.itemElement(item);
    if (typeof element !== "string") rest.push(item);
    else if (!gone.hasMember(element)) {
      const kept = removeFields(item, gone.below(element), field.item);
      if (kept !== undefined) rest.push(kept);
    }
  }
  return rest.length === 0 ? undefined : rest;
}
