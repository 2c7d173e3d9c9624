import type { FieldError } from "../../resource-def.ts";

// Errors of fields in the API server's words (apimachinery, pkg/util/validation/field); paths as it prints them.

export function required(path: string, detail = ""): FieldError {
  return { path, message: detail === "" ? "Required value" : `Required value: ${detail}`, code: "required" };
}

export function invalid(path: string, value: unknown, detail: string): FieldError {
  return { path, message: `Invalid value: ${JSON.stringify(value)}: ${detail}`, code: "invalid" };
}

export function forbidden(path: string, detail: string): FieldError {
  return { path, message: `Forbidden: ${detail}`, code: "forbidden" };
}

export function duplicate(path: string, value: unknown): FieldError {
  return { path, message: `Duplicate value: ${JSON.stringify(value)}`, code: "duplicate-value" };
}

export function notFound(path: string, value: unknown): FieldError {
  return { path, message: `Not found: ${JSON.stringify(value)}`, code: "not-found" };
}

export function tooLong(path: string, maxBytes: number): FieldError {
  const bytes = maxBytes === 1 ? "byte" : "bytes";
  return { path, message: `Too long: may not be more than ${maxBytes} ${bytes}`, code: "too-long" };
}

export function tooMany(path: string, count: number, most: number): FieldError {
  const items = most === 1 ? "item" : "items";
  return { path, message: `Too many: ${count}: must have at most ${most} ${items}`, code: "too-many" };
}

export function notSupported(path: string, value: unknown, supported: readonly string[]): FieldError {
  const values = supported.map((each) => JSON.stringify(each)).join(", ");
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${values}`;
  return { path, message, code: "not-supported" };
}
