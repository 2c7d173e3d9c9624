import { type FieldError, fieldError, fieldPath, type Path, quote, type Segment } from "./field-error.ts";
import type { ObjectSchema, Schema } from "./schema.ts";

const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[-+]\d{2}:\d{2})$/;

export interface Decoded {
  /**
   * The value without what the schema does not know, and with Go's zero values where JSON has null: a null field is
   * absent, a null in a list or a map is "" or {} or []. Parts of a wrong type are absent.
   */
  readonly value: unknown;
  readonly errors: readonly FieldError[];
}

/**
 * Decodes a plain value as the API server decodes JSON under strict field validation: unknown fields and values of
 * another type are errors, and it goes on after each. Names are case-sensitive.
 */
export function decode(schema: Schema, value: unknown): Decoded {
  const errors: FieldError[] = [];
  return { value: decodeValue(schema, value, [], errors) ?? zero(schema), errors };
}

/**
 * Gives undefined for null and for values of a wrong type.
 * @param path Where the value is. One array for the whole object, changed on the way down and back: what keeps it copies it.
 */
function decodeValue(schema: Schema, value: unknown, path: Segment[], errors: FieldError[]): unknown {
  if (value === null || value === undefined) return undefined;
  switch (schema.type) {
    case "any":
      return value;
    case "string":
      if (typeof value === "string") return value;
      errors.push({ ...wrongType(value, "string", path), wantsString: true });
      return undefined;
    case "time":
      if (typeof value !== "string") return refuse(value, "Time", path, errors);
      if (!rfc3339.test(value)) {
        errors.push(fieldError("wrong-type", [...path], `cannot parse ${quote(value)} as RFC 3339 time`));
      }
      return value;
    case "bool":
      return typeof value === "boolean" ? value : refuse(value, "bool", path, errors);
    case "int32":
      return isInteger(value, 2 ** 31) ? value : refuse(value, "int32", path, errors);
    case "int64":
      return isInteger(value, 2 ** 63) ? value : refuse(value, "int64", path, errors);
    case "intOrString":
      if (typeof value === "string" || isInteger(value, 2 ** 31)) return value;
      return refuse(value, "int32 or string", path, errors);
    case "list":
      if (!Array.isArray(value)) return refuse(value, "array", path, errors);
      return value.map(
        (item, index) => decodePart(schema.items, item, index, path, errors) ?? zero(schema.items),
      );
    case "map":
      if (!isObject(value)) return refuse(value, "map", path, errors);
      return decodeMap(schema.values, value, path, errors);
    case "object":
      if (!isObject(value)) return refuse(value, "object", path, errors);
      return decodeObject(schema, value, path, errors);
  }
}

function decodePart(
  schema: Schema,
  value: unknown,
  segment: Segment,
  path: Segment[],
  errors: FieldError[],
): unknown {
  path.push(segment);
  const decoded = decodeValue(schema, value, path, errors);
  path.pop();
  return decoded;
}

function decodeObject(
  schema: ObjectSchema,
  value: Record<string, unknown>,
  path: Segment[],
  errors: FieldError[],
): Record<string, unknown> {
  const decoded: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const field = schema.fields.get(name);
    if (field !== undefined) {
      const inner = decodePart(field, value[name], name, path, errors);
      if (inner !== undefined) decoded[name] = inner;
    } else if (!schema.open) {
      const innerPath = [...path, name];
      errors.push(
        fieldError("unknown-field", innerPath, `unknown field "${fieldPath(innerPath)}"`, { atKey: true }),
      );
    }
  }
  return decoded;
}

/** Without a prototype, because users choose the keys: `constructor` is a fine label. */
function decodeMap(
  values: Schema,
  value: Record<string, unknown>,
  path: Segment[],
  errors: FieldError[],
): Record<string, unknown> {
  const decoded: Record<string, unknown> = Object.create(null);
  for (const key of Object.keys(value)) {
    decoded[key] = decodePart(values, value[key], key, path, errors) ?? zero(values);
  }
  return decoded;
}

function zero(schema: Schema): unknown {
  switch (schema.type) {
    case "string":
    case "time":
      return "";
    case "bool":
      return false;
    case "int32":
    case "int64":
    case "intOrString":
      return 0;
    case "list":
      return [];
    case "map":
      return Object.create(null);
    case "object":
      return {};
    case "any":
      return null;
  }
}

function refuse(value: unknown, type: string, path: Path, errors: FieldError[]): undefined {
  errors.push(wrongType(value, type, path));
  return undefined;
}

function wrongType(value: unknown, type: string, path: Path): FieldError {
  return fieldError(
    "wrong-type",
    [...path],
    `cannot unmarshal ${describe(value)} into field of type ${type}`,
  );
}

/** In the words of Go's encoding/json. A number is told when its kind is right and its size is not. */
function describe(value: unknown): string {
  if (Array.isArray(value)) return "array";
  switch (typeof value) {
    case "boolean":
      return "bool";
    case "number":
      return `number ${value}`;
    case "string":
      return "string";
    default:
      return "object";
  }
}

function isInteger(value: unknown, bound: number): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= -bound && value < bound;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
