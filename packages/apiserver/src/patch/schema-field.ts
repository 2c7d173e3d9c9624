import type { Schema, SchemaSource } from "../schema/schema.ts";

/** A field's schema as the field declares it, over what it refers to: extensions stand beside a `ref`. */
export interface FieldSchema {
  readonly declared: Schema;
  readonly resolved: Schema;
}

export function fieldSchema(schemas: SchemaSource, declared: Schema | undefined): FieldSchema | undefined {
  return declared === undefined ? undefined : { declared, resolved: schemas.resolve(declared) };
}

/** Of a member of an object: a property, or a value of a map. Undefined when the schema does not say. */
export function memberSchema(
  schemas: SchemaSource,
  of: FieldSchema | undefined,
  key: string,
): FieldSchema | undefined {
  const { properties, additionalProperties } = of?.resolved ?? {};
  const own = properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : undefined;
  return fieldSchema(schemas, own ?? additionalProperties);
}

export function itemSchema(schemas: SchemaSource, of: FieldSchema | undefined): FieldSchema | undefined {
  return fieldSchema(schemas, of?.resolved.items);
}

/** What the field says itself goes before what its type says. */
export function extension<
  K extends "patchStrategy" | "patchMergeKey" | "listType" | "listMapKeys" | "mapType",
>(of: FieldSchema | undefined, name: K): Schema[K] | undefined {
  return of?.declared[name] ?? of?.resolved[name];
}
