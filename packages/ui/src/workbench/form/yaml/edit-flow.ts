import { columnOf, lineEnd, lineStart } from "./lines.ts";
import type { Manner } from "./render.ts";
import type { TextChange } from "./text-change.ts";

/** One field or item in braces or brackets. */
export interface FlowPart {
  readonly from: number;
  readonly to: number;
}

/** Writes a part before the one of a number, or behind the last one. `open` is the place of the bracket. */
export function insertFlow(
  text: string,
  open: number,
  parts: readonly FlowPart[],
  at: number,
  inserted: string,
  { lineEnd: end }: Manner,
): readonly TextChange[] {
  const before = parts[at - 1];
  const after = parts[at];
  if (before !== undefined) {
    if (!isAlone(text, before)) return [{ from: before.to, to: before.to, insert: `, ${inserted}` }];
    const ownLine = end + " ".repeat(columnOf(text, before.from)) + inserted;
    return belowComment(text, before, after, ownLine);
  }
  if (after === undefined) return [{ from: open + 1, to: open + 1, insert: inserted }];
  const gap = isAlone(text, after) ? end + " ".repeat(columnOf(text, after.from)) : " ";
  return [{ from: after.from, to: after.from, insert: `${inserted},${gap}` }];
}

/** Writes a line below a part that has its own line, so that a comment behind the part stays behind it. */
function belowComment(
  text: string,
  { to }: FlowPart,
  after: FlowPart | undefined,
  line: string,
): readonly TextChange[] {
  const comma = commaAfter(text, to);
  const end = lineEnd(text, to);
  const isRest = /^\s*,?\s*(?:#.*)?$/.test(text.slice(to, end)) && (comma === undefined || comma < end);
  if (!isRest || end === to) return [{ from: to, to, insert: `,${line}` }];
  if (comma !== undefined) return [{ from: end, to: end, insert: after === undefined ? line : `${line},` }];
  return [
    { from: to, to, insert: "," },
    { from: end, to: end, insert: line },
  ];
}

/** Takes a part away, and one comma with it. */
export function removeFlow(text: string, parts: readonly FlowPart[], at: number): readonly TextChange[] {
  const { from, to } = parts[at]!;
  const comma = commaAfter(text, to);
  if (comma !== undefined) {
    const end = lineEnd(text, comma);
    const isRest = /^\s*$/.test(text.slice(comma + 1, end)) && end < text.length;
    if (isRest && isAlone(text, parts[at]!))
      return [{ from: lineStart(text, from), to: text.indexOf("\n", comma) + 1, insert: "" }];
    const spaces = /^[ \t]*/.exec(text.slice(comma + 1))![0].length;
    return [{ from, to: comma + 1 + spaces, insert: "" }];
  }
  const former = parts[at - 1];
  const earlier = former && commaAfter(text, former.to);
  if (earlier === undefined) return [{ from, to, insert: "" }];
  if (text.slice(earlier + 1, from).trim() === "") return [{ from: earlier, to, insert: "" }];
  return [
    { from: earlier, to: earlier + 1, insert: "" },
    { from, to, insert: "" },
  ];
}

/** The comma behind a part; undefined where a bracket comes first. */
function commaAfter(text: string, offset: number): number | undefined {
  const found = /^(?:\s|#.*)*,/.exec(text.slice(offset));
  return found === null ? undefined : offset + found[0].length - 1;
}

/** Whether only white space stands before a part in its line. */
function isAlone(text: string, { from }: FlowPart): boolean {
  return text.slice(lineStart(text, from), from).trim() === "";
}
