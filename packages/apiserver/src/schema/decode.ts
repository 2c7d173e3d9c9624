import { isRecord } from "../json.ts";
import type { FieldError } from "../registry/resource-def.ts";
import { decodeScalar, goTypeOf, zeroValue } from "./scalars.ts";
import type { Schema, SchemaSource } from "./schema.ts";

/** The object without what its kind does not have, and what was wrong with it. */
export interface Decoded {
  readonly object: Readonly<Record<string, unknown>>;
  /**
   * Unknown fields (`unknown-field`) as strict decoding words them, all of them; and the first value of a wrong type
   * (`wrong-type`, the whole sentence of Go's decoder), at which the API server gives up.
   */
  readonly problems: readonly FieldError[];
}

/**
 * Reads an object as the API server decodes JSON: unknown fields are pruned, a null is an absent field, numbers that stand
 * for quantities become texts. What is right as it is, is returned as it is. Kinds without a schema are taken whole. Of a
 * CustomResourceDefinition's kind only the metadata has Go types: elsewhere a wrong type is for validation to tell.
 */
export function decodeFields(
  schemas: DecodingSchemas,
  kind: { readonly group: string; readonly version: string; readonly kind: string },
  object: Readonly<Record<string, unknown>>,
): Decoded {
  const schema = schemas.ofKind(kind.group, kind.version, kind.kind);
  if (schema === undefined) return { object, problems: [] };
  const isCustom = schemas.isCustom(kind.group, kind.version, kind.kind);
  const decoder = new Decoder(schemas, isCustom ? kind.kind : undefined);
  const decoded = decoder.fields(schema, object, { struct: kind.kind, parent: undefined, step: "" });
  return { object: decoded, problems: decoder.problems() };
}

interface DecodingSchemas extends SchemaSource {
  isCustom(group: string, version: string, kind: string): boolean;
}

/** Where the decoder is: a linked list, so that texts are made for problems only. */
interface Place {
  /** The Go struct whose field this is. */
  readonly struct: string;
  readonly parent: Place | undefined;
  readonly step: string | number;
}

class Decoder {
  readonly #schemas: SchemaSource;
  /** The struct whose fields may have any type. */
  readonly #untyped: string | undefined;
  readonly #unknown: FieldError[] = [];
  #wrongType: FieldError | undefined;

  constructor(schemas: SchemaSource, untyped: string | undefined) {
    this.#schemas = schemas;
    this.#untyped = untyped;
  }

  problems(): readonly FieldError[] {
    return this.#wrongType === undefined ? this.#unknown : [this.#wrongType, ...this.#unknown];
  }

  fields(
    schema: Schema,
    object: Readonly<Record<string, unknown>>,
    place: Place,
  ): Readonly<Record<string, unknown>> {
    const { properties = {}, additionalProperties, preserveUnknownFields } = schema;
    const keep = preserveUnknownFields === true;
    let changed: Record<string, unknown> | undefined;
    for (const key in object) {
      const value = object[key];
      const field = Object.hasOwn(properties, key) ? properties[key] : undefined;
      const known = field ?? additionalProperties;
      if (known === undefined) {
        if (keep) continue;
        this.#unknownField({ struct: place.struct, parent: place, step: key });
        changed ??= { ...object };
        delete changed[key];
        continue;
      }
      const decoded =
        value === null ? this.#ofNull(known, field !== undefined) : this.#field(known, value, place, key);
      if (decoded === value) continue;
      changed ??= { ...object };
      if (decoded === undefined) delete changed[key];
      else changed[key] = decoded;
    }
    return changed ?? object;
  }

  /** A field that is null is absent; a map's value is the zero of its type. Anything may hold a null where any value may be. */
  #ofNull(schema: Schema, isField: boolean): unknown {
    const resolved = schema.ref === undefined ? schema : this.#schemas.resolve(schema);
    if (resolved.nullable === true) return null;
    if (resolved.type === undefined && resolved.format === undefined) return null;
    return isField ? undefined : zeroValue(resolved);
  }

  /** Scalars, which most fields are, are dealt with without noting the place. */
  #field(schema: Schema, value: unknown, place: Place, key: string): unknown {
    if (schema.ref === undefined && isPlain(schema, value)) return value;
    return this.#value(schema, value, { struct: place.struct, parent: place, step: key });
  }

  #value(schema: Schema, value: unknown, place: Place): unknown {
    const resolved = schema.ref === undefined ? schema : this.#schemas.resolve(schema);
    switch (resolved.type) {
      case undefined:
        return value;
      case "object": {
        if (!isRecord(value)) return this.#mismatch(schema, value, place);
        return this.fields(resolved, value, schema.ref === undefined ? place : inStruct(place, schema.ref));
      }
      case "array":
        return Array.isArray(value)
          ? this.#items(resolved.items ?? {}, value, place)
          : this.#mismatch(schema, value, place);
      default: {
        const { result, problem } = decodeScalar(resolved, value);
        if (problem === undefined) return result;
        return problem === "type"
          ? this.#mismatch(schema, value, place)
          : this.#refuse(value, place, () => problem);
      }
    }
  }

  #items(schema: Schema, list: readonly unknown[], place: Place): readonly unknown[] {
    let changed: unknown[] | undefined;
    for (let i = 0; i < list.length; i++) {
      const value = list[i];
      const decoded =
        value === null
          ? this.#ofNull(schema, false)
          : schema.ref === undefined && isPlain(schema, value)
            ? value
            : this.#value(schema, value, { struct: place.struct, parent: place, step: i });
      if (decoded === value) continue;
      changed ??= [...list];
      // What was refused leaves no hole.
      changed[i] = decoded === undefined ? zeroValue(this.#schemas.resolve(schema)) : decoded;
    }
    return changed ?? list;
  }

  #unknownField(place: Place): void {
    const path = pathOf(place);
    this.#unknown.push({ path, message: `unknown field "${path}"`, code: "unknown-field" });
  }

  #mismatch(schema: Schema, value: unknown, place: Place): unknown {
    return this.#refuse(value, place, () => this.#sentence(schema, value, place));
  }

  #refuse(value: unknown, place: Place, message: () => string): unknown {
    if (place.struct === this.#untyped) return value;
    this.#wrongType ??= { path: pathOf(place), message: message(), code: "wrong-type" };
    return undefined;
  }

  #sentence(schema: Schema, value: unknown, place: Place): string {
    const where = `Go struct field ${place.struct}.${goPathOf(place)}`;
    return `json: cannot unmarshal ${jsonTypeOf(value, schema)} into ${where} of type ${goTypeOf(schema)}`;
  }
}

function isPlain({ type, format }: Schema, value: unknown): boolean {
  if (format === undefined) return typeof value === type && type !== "object";
  return format === "int32" && Number.isInteger(value) && (value as number) === ((value as number) | 0);
}

function inStruct(place: Place, ref: string): Place {
  return { ...place, struct: ref.slice(ref.lastIndexOf(".") + 1) };
}

/** `spec.containers[0].image`. */
function pathOf(place: Place): string {
  const { parent, step } = place;
  const before = parent === undefined ? "" : pathOf(parent);
  if (typeof step === "number") return `${before}[${step}]`;
  return before === "" ? step : `${before}.${step}`;
}

/** Go's decoder leaves indices out. */
function goPathOf(place: Place): string {
  const { parent, step } = place;
  const before = parent === undefined ? "" : goPathOf(parent);
  if (typeof step === "number") return before;
  return before === "" ? step : `${before}.${step}`;
}

/** A number is told itself where a number may be, but not this one. */
function jsonTypeOf(value: unknown, { type }: Schema): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "boolean") return "bool";
  if (typeof value !== "number") return typeof value;
  return type === "integer" ? `number ${value}` : "number";
}
