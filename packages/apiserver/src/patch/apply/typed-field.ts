import { isRecord } from "../../json.ts";
import type { SchemaSource } from "../../schema/schema.ts";
import { extension, type FieldSchema, itemSchema, memberSchema } from "../schema-field.ts";
import { keyElement, type PathElement, valueElement } from "./path-element.ts";

/** Who can own parts of a value: `whole` is owned at once (scalars, atomic lists and objects). */
type Grain = "members" | "items" | "whole";

/** Of lists' keys that clients may leave out; the API has this one (ContainerPort, ServicePort). */
const keyDefaults: Readonly<Record<string, unknown>> = { protocol: "TCP" };

/** A field with its schema: how server-side apply divides its values (structured-merge-diff, typed). */
export class TypedField {
  readonly schema: FieldSchema | undefined;
  readonly #schemas: SchemaSource;

  constructor(schemas: SchemaSource, schema: FieldSchema | undefined) {
    this.#schemas = schemas;
    this.schema = schema;
  }

  grain(value: unknown): Grain {
    if (isRecord(value)) return extension(this.schema, "mapType") === "atomic" ? "whole" : "members";
    return Array.isArray(value) && this.listKind !== "atomic" ? "items" : "whole";
  }

  /** Lists without a list type of their own get it from the patch strategy (kube-openapi, schemaconv). */
  get listKind(): "atomic" | "set" | "map" {
    const declared = extension(this.schema, "listType");
    if (declared !== undefined) return declared;
    if (extension(this.schema, "patchStrategy")?.includes("merge") !== true) return "atomic";
    return extension(this.schema, "patchMergeKey") === undefined ? "set" : "map";
  }

  get listKeys(): readonly string[] {
    const mergeKey = extension(this.schema, "patchMergeKey");
    return extension(this.schema, "listMapKeys") ?? (mergeKey === undefined ? [] : [mergeKey]);
  }

  member(name: string): TypedField {
    return new TypedField(this.#schemas, memberSchema(this.#schemas, this.schema, name));
  }

  get item(): TypedField {
    return new TypedField(this.#schemas, itemSchema(this.#schemas, this.schema));
  }

  /** Below a step of a path. */
  at(element: PathElement): TypedField {
    return element.startsWith("f:") ? this.member(element.slice(2)) : this.item;
  }

  /** Whether the object's schema names that member, so that it is there whoever owns it. */
  declares(name: string): boolean {
    const properties = this.schema?.resolved.properties;
    return properties !== undefined && Object.hasOwn(properties, name);
  }

  /** Whether the object may have that member at all. */
  allows(name: string): boolean {
    const { properties, additionalProperties, preserveUnknownFields } = this.schema?.resolved ?? {};
    if (properties === undefined || Object.hasOwn(properties, name)) return true;
    return additionalProperties !== undefined || preserveUnknownFields === true;
  }

  /** The JSON type that values have to be of; undefined when there are several (quantities, ports by number or name). */
  get expected(): "object" | "array" | "string" | "number" | "boolean" | undefined {
    const { type, format, preserveUnknownFields } = this.schema?.resolved ?? {};
    if (preserveUnknownFields === true || format === "quantity" || format === "int-or-string")
      return undefined;
    return type === "integer" ? "number" : type;
  }

  /** How the list's item is called in paths, or why it cannot be. */
  itemElement(item: unknown): PathElement | { readonly problem: string } {
    return this.listKind === "map" ? keyedElement(item, this.listKeys) : setElement(item);
  }

  /** The list's items by what paths call them; items without a name are left out. */
  items(list: readonly unknown[]): readonly (readonly [PathElement, unknown])[] {
    const named: [PathElement, unknown][] = [];
    for (const item of list) {
      const element = this.itemElement(item);
      if (typeof element === "string") named.push([element, item]);
    }
    return named;
  }
}

function keyedElement(item: unknown, keys: readonly string[]): PathElement | { readonly problem: string } {
  if (item === null) return { problem: "associative list with keys may not have a null element" };
  if (!isRecord(item)) return { problem: "associative list with keys may not have non-map elements" };
  const values: Record<string, unknown> = {};
  for (const key of keys) {
    const value = Object.hasOwn(item, key) ? item[key] : keyDefaults[key];
    if (value === undefined) {
      const problem = `associative list with keys has an element that omits key field ${JSON.stringify(key)} (and doesn't have default value)`;
      return { problem };
    }
    values[key] = value;
  }
  return keyElement(values);
}

function setElement(item: unknown): PathElement | { readonly problem: string } {
  if (item === null) {
    return { problem: "associative list without keys has an element that's an explicit null" };
  }
  if (Array.isArray(item)) return { problem: "not supported: associative list with lists as elements" };
  if (isRecord(item)) return { problem: "associative list without keys has an element that's a map type" };
  return valueElement(item);
}
