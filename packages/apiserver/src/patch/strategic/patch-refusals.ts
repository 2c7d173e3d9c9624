import { isRecord } from "../../json.ts";
import type { JsonRecord } from "../json-value.ts";
import { malformed, PatchError, unprocessable } from "../patch-error.ts";

// Kubernetes' own sentences (apimachinery, pkg/util/mergepatch) and the status codes that its API server gives them.

export const badPrimitiveList = () => malformed("invalid patch format of primitive list");
export const badRetainKeys = () => malformed("invalid patch format of retainKeys");
export const badElementOrder = () => malformed("invalid patch format of setElementOrder list");
export const listOfLists = () => unprocessable("lists of lists are not supported");

export function noMergeKey(item: JsonRecord, mergeKey: string): PatchError {
  return internal(`map: ${goText(item)} does not contain declared merge key: ${mergeKey}`);
}

export function badPatchType(directive: unknown, map: JsonRecord): PatchError {
  return internal(`unknown patch type: ${goText(directive)} in map: ${goText(map)}`);
}

export function mixedElements(...lists: readonly (readonly unknown[])[]): PatchError {
  return internal(`list element types are not identical: ${goText(lists)}`);
}

export function wrongType(expected: "map" | "list", actual: unknown): PatchError {
  const names = { map: "map[string]interface {}", list: "[]interface {}" };
  return internal(`expected a ${names[expected]}, but received a ${goType(actual)}`);
}

export function internal(message: string): PatchError {
  return new PatchError("", message);
}

function goType(value: unknown): string {
  if (value === null || value === undefined) return "%!s(<nil>)";
  if (Array.isArray(value)) return "[]interface {}";
  if (typeof value === "number") return Number.isInteger(value) ? "int64" : "float64";
  return { string: "string", boolean: "bool" }[typeof value as string] ?? "map[string]interface {}";
}

/** The value as Go's `%v` writes it, at most a few hundred characters. */
function goText(value: unknown): string {
  const text = render(value, 0);
  return text.length > 500 ? `${text.slice(0, 500)}…` : text;
}

function render(value: unknown, depth: number): string {
  if (depth > 8) return "…";
  if (value === null || value === undefined) return "<nil>";
  if (Array.isArray(value))
    return `[${value
      .slice(0, 100)
      .map((item) => render(item, depth + 1))
      .join(" ")}]`;
  if (!isRecord(value)) return String(value);
  const keys = Object.keys(value).sort().slice(0, 100);
  return `map[${keys.map((key) => `${key}:${render(value[key], depth + 1)}`).join(" ")}]`;
}
