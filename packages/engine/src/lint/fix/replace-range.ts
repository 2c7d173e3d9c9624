import type { SourceRange } from "../../model/source.ts";
import type { TextEdit } from "../finding.ts";

/** The edit that puts a text in the place of a range; with the source given, white space at the range's end stays. */
export function replaceRange({ file, start, end }: SourceRange, text: string, source?: string): TextEdit {
  const written = source?.slice(start.offset, end.offset).trimEnd();
  return {
    file,
    start: start.offset,
    end: written === undefined ? end.offset : start.offset + written.length,
    text,
  };
}
