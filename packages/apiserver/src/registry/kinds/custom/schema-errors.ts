import { asList, asRecord, isRecord, sameJson } from "../../../json.ts";
import type { FieldError } from "../../resource-def.ts";
import { invalid, notSupported, required } from "../validation/field-errors.ts";
import { boundErrors } from "./bound-errors.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What is wrong with a value by an `openAPIV3Schema`, in the words of the API server's validator. */
export function schemaErrors(value: unknown, schema: Fields, path: string): readonly FieldError[] {
  if (value === null && schema.nullable === true) return [];
  const type = typeError(value, schema, path);
  if (type !== undefined) return [type];
  return [
    ...enumErrors(value, schema, path),
    ...boundErrors(value, schema, path),
    ...combinationErrors(value, schema, path),
    ...(isRecord(value) ? fieldErrors(value, schema, path) : []),
    ...(Array.isArray(value) && isRecord(schema.items)
      ? value.flatMap((item, index) => schemaErrors(item, asRecord(schema.items), `${path}[${index}]`))
      : []),
  ];
}

function fieldErrors(value: Fields, schema: Fields, path: string): readonly FieldError[] {
  const properties = asRecord(schema.properties);
  const at = (name: string) => (path === "" ? name : `${path}.${name}`);
  const missing = asList(schema.required).filter(
    (name) =>
      typeof name === "string" &&
      value[name] === undefined &&
      asRecord(properties[name]).default === undefined,
  );
  return [
    ...missing.map((name) => required(at(String(name)))),
    ...Object.entries(value).flatMap(([name, inner]) => {
      if (inner === undefined) return [];
      const field = properties[name] ?? schema.additionalProperties;
      // A null with a default is replaced by it.
      if (inner === null && asRecord(field).default !== undefined) return [];
      return isRecord(field) ? schemaErrors(inner, field, at(name)) : [];
    }),
  ];
}

function typeError(value: unknown, schema: Fields, path: string): FieldError | undefined {
  const found = typeOf(value);
  if (schema["x-kubernetes-int-or-string"] === true) {
    return found === "integer" || found === "string" ? undefined : wrong(value, "integer,string", path);
  }
  const { type } = schema;
  if (typeof type !== "string" || type === "" || type === found) return undefined;
  if (type === "number" && found === "integer") return undefined;
  return wrong(value, type, path);
}

function wrong(value: unknown, type: string, path: string): FieldError {
  const found = typeOf(value);
  return invalid(path, found, `${path} in body must be of type ${type}: ${JSON.stringify(found)}`);
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

function enumErrors(value: unknown, schema: Fields, path: string): readonly FieldError[] {
  if (!Array.isArray(schema.enum) || schema.enum.some((each) => sameJson(each, value))) return [];
  return [notSupported(path, value, schema.enum.map(String))];
}

/** Rules made of rules. */
function combinationErrors(value: unknown, schema: Fields, path: string): readonly FieldError[] {
  const matching = (list: unknown) =>
    asList(list).filter((each) => schemaErrors(value, asRecord(each), path).length === 0).length;
  const complain = (detail: string) => [invalid(path, value, detail)];
  const name = JSON.stringify(path);
  return [
    ...asList(schema.allOf).flatMap((each) => schemaErrors(value, asRecord(each), path)),
    ...(Array.isArray(schema.anyOf) &&
    schema["x-kubernetes-int-or-string"] !== true &&
    matching(schema.anyOf) === 0
      ? complain(`${name} must validate at least one schema (anyOf)`)
      : []),
    ...(Array.isArray(schema.oneOf) && matching(schema.oneOf) !== 1
      ? complain(
          `${name} must validate one and only one schema (oneOf). Found ${matching(schema.oneOf) === 0 ? "none" : matching(schema.oneOf)} valid`,
        )
      : []),
    ...(isRecord(schema.not) && matching([schema.not]) === 1
      ? complain(`${name} must not validate the schema (not)`)
      : []),
  ];
}
