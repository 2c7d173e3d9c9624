import { isRecord } from "../../json.ts";
import { PatchError } from "../patch-error.ts";
import { elementText, fieldElement } from "./path-element.ts";
import type { TypedField } from "./typed-field.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/** An applied configuration has to fit its schema before it can be divided into fields. Throws PatchError. */
export function checkApplied(applied: JsonObject, field: TypedField): void {
  const problems: string[] = [];
  check(applied, field, "", problems);
  if (problems.length === 0) return;
  const metadata = isRecord(applied.metadata) ? applied.metadata : {};
  const name = `${metadata.namespace ?? ""}/${metadata.name ?? ""}`;
  const what =
    problems.length === 1 ? problems[0] : ["errors:", ...problems.map((text) => `  ${text}`)].join("\n");
  throw new PatchError(
    "",
    `failed to create typed patch object (${name}; ${applied.apiVersion}, Kind=${applied.kind}): ${what}`,
  );
}

/** More than this in one answer helps nobody. */
const maxProblems = 100;

function check(value: unknown, field: TypedField, path: string, problems: string[]): void {
  if (value === null || value === undefined || problems.length >= maxProblems) return;
  const expected = field.expected;
  const wrong = expected === undefined ? undefined : mismatch(expected, value);
  if (wrong !== undefined) problems.push(`${path}: ${wrong}`);
  else if (isRecord(value)) checkMembers(value, field, path, problems);
  else if (Array.isArray(value)) checkItems(value, field, path, problems);
}

function checkMembers(record: JsonObject, field: TypedField, path: string, problems: string[]): void {
  for (const name of Object.keys(record)) {
    const at = path + elementText(fieldElement(name));
    if (!field.allows(name)) problems.push(`${at}: field not declared in schema`);
    else check(record[name], field.member(name), at, problems);
  }
}

function checkItems(list: readonly unknown[], field: TypedField, path: string, problems: string[]): void {
  if (field.listKind === "atomic") {
    for (const [i, item] of list.entries()) check(item, field.item, `${path}[${i}]`, problems);
    return;
  }
  const seen = new Set<string>();
  for (const [i, item] of list.entries()) {
    const element = field.itemElement(item);
    if (typeof element !== "string") {
      problems.push(`${path}: element ${i}: ${element.problem}`);
      continue;
    }
    if (seen.has(element)) problems.push(`${path}: duplicate entries for key ${elementText(element)}`);
    seen.add(element);
    check(item, field.item, path + elementText(element), problems);
  }
}

/** In structured-merge-diff's words. */
function mismatch(expected: "object" | "array" | "string" | "number" | "boolean", value: unknown) {
  const actual = Array.isArray(value) ? "array" : typeof value;
  if (actual === expected) return undefined;
  const got = `&value.valueUnstructured{Value:${JSON.stringify(value)?.slice(0, 100)}}`;
  switch (expected) {
    case "object":
      return `expected map, got ${got}`;
    case "array":
      return `expected list, got ${got}`;
    case "number":
      return `expected numeric (int or float), got ${goType(value)}`;
    default:
      return `expected ${expected}, got ${got}`;
  }
}

function goType(value: unknown): string {
  if (Array.isArray(value)) return "[]interface {}";
  return { string: "string", boolean: "bool" }[typeof value as string] ?? "map[string]interface {}";
}
