import { isRecord } from "../json.ts";
import { unprocessable } from "./patch-error.ts";

export type JsonRecord = Readonly<Record<string, unknown>>;

/** Nesting that no API object has and that recursion over it still stands; request bodies have the same limit. */
const maxDepth = 500;

/** An own property of any name: `__proto__` becomes a key like others, never the prototype. */
export function setOwn(record: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== "__proto__") record[key] = value;
  else Object.defineProperty(record, key, { value, writable: true, enumerable: true, configurable: true });
}

/** The own property of that name; never what the prototype has. */
export function getOwn(record: JsonRecord, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** The record with other values; what `change` makes undefined is left out. */
export function mapRecord(
  record: JsonRecord,
  change: (value: unknown, key: string) => unknown,
): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const key of Object.keys(record)) {
    const value = change(record[key], key);
    if (value !== undefined) setOwn(out, key, value);
  }
  return out;
}

/** A copy that may be written to. */
export function cloneJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cloneJson);
  return isRecord(value) ? mapRecord(value, cloneJson) : value;
}

/** Refuses a value that is nested deeper than the rest of the server can stand. */
export function checkDepth(value: unknown, depth = 1): void {
  if (typeof value !== "object" || value === null) return;
  if (depth > maxDepth) throw unprocessable(`nested more than ${maxDepth} deep`);
  for (const part of Object.values(value)) checkDepth(part, depth + 1);
}

/** Roughly the bytes of the value as JSON; counting stops once `limit` is passed or nesting is too deep. */
export function sizeUpTo(value: unknown, limit: number): number {
  let size = 0;
  const visit = (part: unknown, depth: number): void => {
    if (depth > maxDepth) throw unprocessable(`nested more than ${maxDepth} deep`);
    size += typeof part === "string" ? part.length + 3 : 5;
    if (size > limit || typeof part !== "object" || part === null) return;
    for (const [key, child] of Object.entries(part)) {
      size += key.length;
      visit(child, depth + 1);
      if (size > limit) return;
    }
  };
  visit(value, 1);
  return size;
}
