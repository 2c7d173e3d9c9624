import type { SourceRange } from "../../model/source.ts";
import type { TextEdit } from "../finding.ts";

/**
 * The edit that takes an item out of a block list of YAML, its whole lines. Undefined when the item does not stand on
 * lines of its own (flow style, JSON, the first item behind another dash): then a person has to do it.
 */
export function removeItem(text: string, item: SourceRange): TextEdit | undefined {
  const lineStart = text.lastIndexOf("\n", item.start.offset - 1) + 1;
  const before = text.slice(lineStart, item.start.offset);
  if (!/^ *- +$/.test(before)) return undefined;
  const written = text.slice(item.start.offset, item.end.offset).trimEnd();
  const lastCharacter = item.start.offset + written.length;
  const lineFeed = text.indexOf("\n", lastCharacter);
  const end = lineFeed < 0 ? text.length : lineFeed + 1;
  // Only a comment may follow on the last line.
  if (!/^\s*(?:#.*)?$/.test(text.slice(lastCharacter, end))) return undefined;
  return { file: item.file, start: lineStart, end, text: "" };
}
