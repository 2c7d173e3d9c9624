import type { SourceDocument } from "./source-document.ts";

/** Deeper nesting than any Kubernetes object has, and shallow enough for the stack. */
export const maxJsonDepth = 500;

/**
 * One JSON object or array as JSON.parse reads it, which is several times faster than keeping places; undefined for whatever
 * needs a closer look: what is no JSON, several values, a key that is written twice, too deep nesting, a number out of range.
 * @param closer Reads the same text with places; called once, when the first place inside is asked for.
 */
export function readPlainJson(
  text: string,
  offset: number,
  closer: () => SourceDocument,
): SourceDocument | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const keys = countKeys(value, 1);
  // A key that is written twice has two colons, and JSON.parse keeps one of them.
  if (keys === undefined || keys !== countColons(text)) return undefined;
  let places: SourceDocument | undefined;
  return {
    value,
    again: () => JSON.parse(text) as unknown,
    duplicates: [],
    syntax: "json",
    locate: (path, part) => {
      if (path.length === 0) return whole(text, offset);
      places ??= closer();
      return places.locate(path, part);
    },
  };
}

/** The keys of all objects in the value; undefined where JSON.parse is more lenient than we are. */
function countKeys(value: object, depth: number): number | undefined {
  if (depth > maxJsonDepth) return undefined;
  let keys = 0;
  const inner = Array.isArray(value) ? value : Object.values(value);
  if (inner !== value) keys += inner.length;
  for (const each of inner) {
    if (typeof each === "number" && !Number.isFinite(each)) return undefined;
    if (typeof each !== "object" || each === null) continue;
    const more = countKeys(each, depth + 1);
    if (more === undefined) return undefined;
    keys += more;
  }
  return keys;
}

/** Colons outside of strings; the text is JSON. */
function countColons(text: string): number {
  let colons = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x3a) colons++;
    else if (code === 0x22) {
      for (at++; text.charCodeAt(at) !== 0x22; at++) if (text.charCodeAt(at) === 0x5c) at++;
    }
  }
  return colons;
}

/** The value without the white space around it. */
function whole(text: string, offset: number): { readonly start: number; readonly end: number } {
  const isSpace = (at: number) => " \n\r\t".includes(text[at]!);
  let [start, end] = [0, text.length];
  while (isSpace(start)) start++;
  while (isSpace(end - 1)) end--;
  return { start: offset + start, end: offset + end };
}
