import { isRecord } from "../../../json.ts";
import type { FieldError } from "../../resource-def.ts";
import { invalid, tooLong, tooMany } from "../validation/field-errors.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What is wrong with a value by the bounds of its schema. */
export function boundErrors(value: unknown, schema: Fields, path: string): readonly FieldError[] {
  if (typeof value === "number") return numberErrors(value, schema, path);
  if (typeof value === "string") return textErrors(value, schema, path);
  if (Array.isArray(value)) return listErrors(value, schema, path);
  return isRecord(value) ? objectErrors(value, schema, path) : [];
}

function numberErrors(value: number, schema: Fields, path: string): readonly FieldError[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  const complain = (rule: string) => [invalid(path, value, `${path} in body should be ${rule}`)];
  if (typeof minimum === "number") {
    if (exclusiveMinimum === true && value <= minimum) return complain(`greater than ${minimum}`);
    if (value < minimum) return complain(`greater than or equal to ${minimum}`);
  }
  if (typeof maximum === "number") {
    if (exclusiveMaximum === true && value >= maximum) return complain(`less than ${maximum}`);
    if (value > maximum) return complain(`less than or equal to ${maximum}`);
  }
  if (typeof multipleOf === "number" && !Number.isInteger(value / multipleOf)) {
    return complain(`a multiple of ${multipleOf}`);
  }
  return [];
}

function textErrors(value: string, schema: Fields, path: string): readonly FieldError[] {
  const { minLength, maxLength, pattern } = schema;
  const length = [...value].length;
  const errors: FieldError[] = [];
  if (typeof maxLength === "number" && length > maxLength) errors.push(tooLong(path, maxLength));
  if (typeof minLength === "number" && length < minLength) {
    errors.push(invalid(path, value, `${path} in body should be at least ${minLength} chars long`));
  }
  if (typeof pattern === "string" && !matches(pattern, value)) {
    errors.push(invalid(path, value, `${path} in body should match '${pattern}'`));
  }
  return errors;
}

/** A pattern of Go that is none of JavaScript holds nothing back. */
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, "u").test(value);
  } catch {
    return true;
  }
}

function listErrors(value: readonly unknown[], schema: Fields, path: string): readonly FieldError[] {
  const { minItems, maxItems } = schema;
  if (typeof minItems === "number" && value.length < minItems) {
    return [invalid(path, value.length, `${path} in body should have at least ${minItems} items`)];
  }
  if (typeof maxItems === "number" && value.length > maxItems) {
    return [tooMany(path, value.length, maxItems)];
  }
  return [];
}

function objectErrors(value: Fields, schema: Fields, path: string): readonly FieldError[] {
  const { minProperties, maxProperties } = schema;
  const count = Object.keys(value).length;
  if (typeof minProperties === "number" && count < minProperties) {
    return [invalid(path, value, `${path} in body should have at least ${minProperties} properties`)];
  }
  if (typeof maxProperties === "number" && count > maxProperties) {
    return [tooMany(path, count, maxProperties)];
  }
  return [];
}
