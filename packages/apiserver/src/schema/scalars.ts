import { canonicalQuantity } from "./quantity.ts";
import type { Schema } from "./schema.ts";

/** A value as it is stored, or why it is none: `type` when its JSON type is wrong, else the API server's sentence. */
interface Scalar {
  readonly result?: unknown;
  readonly problem?: string;
}

const wrongType: Scalar = { problem: "type" };

const badQuantity: Scalar = {
  problem: "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
};

/** Reads a string, number or boolean by its format. */
export function decodeScalar(schema: Schema, value: unknown): Scalar {
  switch (schema.format) {
    case "int-or-string":
      if (typeof value === "string") return { result: value };
      return isInteger(value, "int32") ? { result: value } : { problem: notAString(value) };
    case "quantity":
      return decodeQuantity(value);
    case "byte":
      return decodeBytes(value);
    case "date-time":
      return decodeTime(value);
    default:
      return matches(schema, value) ? { result: value } : wrongType;
  }
}

/** What Go has where JSON says null in a list or a map. */
export function zeroValue(schema: Schema): unknown {
  switch (schema.type) {
    case "object":
      return {};
    case "array":
      return [];
    case "boolean":
      return false;
    case "string":
      return schema.format === "quantity" ? "0" : "";
    default:
      return 0;
  }
}

/** The type as Go's decoder names it: `[]v1.Container`, `map[string]string`, `int32`. */
export function goTypeOf(schema: Schema): string {
  if (schema.ref !== undefined) return schema.ref.split(".").slice(-2).join(".");
  switch (schema.type) {
    case "array":
      return `[]${goTypeOf(schema.items ?? {})}`;
    case "object":
      return schema.additionalProperties === undefined
        ? "map[string]interface {}"
        : `map[string]${goTypeOf(schema.additionalProperties)}`;
    case "boolean":
      return "bool";
    case "integer":
      return schema.format ?? "int64";
    case "number":
      return "float64";
    default:
      return goStringType(schema.format);
  }
}

function goStringType(format: string | undefined): string {
  if (format === "quantity") return "resource.Quantity";
  if (format === "date-time") return "v1.Time";
  return format === "byte" ? "[]uint8" : "string";
}

function matches(schema: Schema, value: unknown): boolean {
  if (schema.type === "integer") return isInteger(value, schema.format ?? "int64");
  return typeof value === schema.type;
}

function isInteger(value: unknown, format: string): boolean {
  if (!Number.isInteger(value)) return false;
  return format !== "int32" || Math.abs((value as number) + 0.5) < 2 ** 31;
}

/** IntOrString, Time and Quantity read themselves, and what they say is about a value, not a field. */
function notAString(value: unknown): string {
  const type = typeof value === "boolean" ? "bool" : Array.isArray(value) ? "array" : typeof value;
  return `json: cannot unmarshal ${type} into Go value of type string`;
}

function decodeQuantity(value: unknown): Scalar {
  if (typeof value !== "string" && typeof value !== "number") return badQuantity;
  const canonical = canonicalQuantity(String(value).trim());
  return canonical === undefined ? badQuantity : { result: canonical };
}

function decodeBytes(value: unknown): Scalar {
  if (typeof value !== "string") return wrongType;
  const text = value.replace(/[\r\n]/g, "");
  const bad = /[^A-Za-z0-9+/]/.exec(text.replace(/={1,2}$/, ""));
  if (bad === null && text.length % 4 === 0) return { result: text };
  return { problem: `illegal base64 data at input byte ${bad?.index ?? text.length - (text.length % 4)}` };
}

/** RFC 3339, with or without fractions of a second. */
const timePattern = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

function decodeTime(value: unknown): Scalar {
  if (typeof value !== "string") return { problem: notAString(value) };
  if (timePattern.test(value) && !Number.isNaN(Date.parse(value))) return { result: value };
  return {
    problem: `parsing time "${value}" as "2006-01-02T15:04:05Z07:00": cannot parse "${value}" as "2006"`,
  };
}
