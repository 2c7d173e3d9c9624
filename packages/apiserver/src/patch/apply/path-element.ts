import { isRecord } from "../../json.ts";

/**
 * One step of a field path, as FieldsV1 writes it (structured-merge-diff, fieldpath): `f:name` a member of an object,
 * `k:{"name":"x"}` an item of a list by its keys, `v:"x"` an item of a set by its value, `i:0` by its index. The text is
 * canonical: two steps are the same if their texts are.
 */
export type PathElement = string;

export function fieldElement(name: string): PathElement {
  return `f:${name}`;
}

export function keyElement(keys: Readonly<Record<string, unknown>>): PathElement {
  const members = Object.keys(keys)
    .sort()
    .map((name) => `${goJson(name)}:${goJson(keys[name])}`);
  return `k:{${members.join(",")}}`;
}

export function valueElement(value: unknown): PathElement {
  return `v:${goJson(value)}`;
}

/** The canonical form of a step that a client sent; undefined for what is none. */
export function parseElement(text: string): PathElement | undefined {
  if (text.startsWith("f:")) return text;
  if (text.startsWith("i:")) return /^i:-?\d+$/.test(text) ? text : undefined;
  const value = text.startsWith("k:") || text.startsWith("v:") ? parsed(text) : undefined;
  if (value === undefined) return undefined;
  if (text.startsWith("v:")) return valueElement(value);
  return isRecord(value) ? keyElement(value) : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.slice(2)) as unknown;
  } catch {
    return undefined;
  }
}

/** As messages write it: `.name`, `[name="x"]`, `[="x"]`, `[0]`. */
export function elementText(element: PathElement): string {
  const rest = element.slice(2);
  if (element.startsWith("f:")) return `.${rest}`;
  if (element.startsWith("i:")) return `[${rest}]`;
  const value = parsed(element);
  if (!isRecord(value)) return `[=${goText(value)}]`;
  return `[${Object.keys(value)
    .map((name) => `${name}=${goText(value[name])}`)
    .join(",")}]`;
}

function goText(value: unknown): string {
  return JSON.stringify(value) ?? "null";
}

/** JSON as Go's encoder writes it, which escapes what HTML could mistake. */
function goJson(value: unknown): string {
  return (JSON.stringify(value) ?? "null").replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const ranks = ["f", "k", "v", "i"];

/** The order in which FieldsV1 lists steps: members, keyed items, values, indices; numbers by size. */
export function compareElements(a: PathElement, b: PathElement): number {
  const rank = ranks.indexOf(a[0]!) - ranks.indexOf(b[0]!);
  if (rank !== 0) return rank;
  if (a[0] === "k" || a[0] === "v") return compareValues(parsed(a), parsed(b)) || compareTexts(a, b);
  return a[0] === "i" ? Number(a.slice(2)) - Number(b.slice(2)) : compareTexts(a, b);
}

function compareValues(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "string" && typeof b === "string") return compareTexts(a, b);
  if (!isRecord(a) || !isRecord(b)) return 0;
  for (const name of Object.keys(a)) {
    const order = compareValues(a[name], b[name]);
    if (order !== 0) return order;
  }
  return 0;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
