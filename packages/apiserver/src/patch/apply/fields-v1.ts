import { isRecord } from "../../json.ts";
import { type FieldSet, FieldSetBuilder } from "./field-set.ts";
import { parseElement } from "./path-element.ts";

/** meta/v1 FieldsV1: a set of fields as nested objects. */
export type FieldsV1 = Readonly<Record<string, unknown>>;

/** A field is `{}`; one with others below it has a "." to say that it is in the set itself. */
export function encodeFields(set: FieldSet): FieldsV1 {
  const fields: Record<string, unknown> = {};
  for (const [element, { member, below }] of set.sorted()) {
    const rest = encodeFields(below);
    fields[element] = member && !below.isEmpty ? { ".": {}, ...rest } : rest;
  }
  return fields;
}

/** The set that a FieldsV1 tells of; undefined when it is none. */
export function decodeFields(fields: unknown): FieldSet | undefined {
  const builder = new FieldSetBuilder();
  return isRecord(fields) && decodeInto(fields, builder) ? builder.build() : undefined;
}

function decodeInto(fields: FieldsV1, builder: FieldSetBuilder): boolean {
  for (const key of Object.keys(fields)) {
    if (key === ".") continue;
    const element = parseElement(key);
    const below = fields[key];
    if (element === undefined || !isRecord(below)) return false;
    if (Object.keys(below).length === 0 || Object.hasOwn(below, ".")) builder.add(element);
    if (!decodeInto(below, builder.into(element))) return false;
  }
  return true;
}
