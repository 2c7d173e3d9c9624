import type { SourceRange } from "../../model/source.ts";
import type { TextEdit } from "../finding.ts";

/** The edit that removes a line `field: value`, by the place of the value. Undefined when more is on the line. */
export function removeLine(text: string, value: SourceRange, field: string): TextEdit | undefined {
  const start = text.lastIndexOf("\n", value.start.offset - 1) + 1;
  const lineFeed = text.indexOf("\n", value.start.offset);
  const end = lineFeed < 0 ? text.length : lineFeed + 1;
  const line = text.slice(start, end);
  if (!new RegExp(`^ *${field}: *[^ #{}[\\],]+\\s*(?:#.*)?$`).test(line)) return undefined;
  return { file: value.file, start, end, text: "" };
}
