import { unprocessable } from "./patch-error.ts";

/** The reference tokens of a JSON Pointer (RFC 6901); none for the whole document. */
export function parsePointer(pointer: string): readonly string[] {
  if (pointer === "") return [];
  if (!pointer.startsWith("/"))
    throw unprocessable(`"${pointer}" is not a JSON pointer: it has no leading "/"`);
  return pointer.slice(1).split("/").map(unescapeToken);
}

function unescapeToken(token: string): string {
  if (/~(?![01])/.test(token)) throw unprocessable(`"~" in a JSON pointer must be written ~0: "${token}"`);
  return token.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** Index that a token names in a list, at most `max`; no signs, no leading zeros (RFC 6901, section 4). */
export function listIndex(token: string, max: number): number {
  const index = /^(0|[1-9][0-9]*)$/.test(token) ? Number(token) : Number.NaN;
  if (!(index <= max)) throw unprocessable(`"${token}" is not an index from 0 to ${max}`);
  return index;
}
