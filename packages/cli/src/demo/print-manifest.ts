import { lineDiff, withContext } from "@portcullis/engine";
import type { Colors } from "../io/io.ts";

/** A manifest without its comments: the part that does something. */
export function manifestLines(text: string): string[] {
  return text
    .trimEnd()
    .split("\n")
    .filter((line) => !/^\s*#/.test(line));
}

/** What changed from one version of a manifest to the next, with some lines of context. */
export function manifestChanges(before: string, after: string, colors: Colors): string[] {
  const diff = withContext(lineDiff(manifestLines(before), manifestLines(after)), 3);
  if (diff.at(-1) === undefined) diff.pop();
  return diff.map((line) => {
    if (line === undefined) return colors.dim("  ⋮");
    const text = `${line.sign} ${line.text}`;
    return line.sign === "+" ? colors.green(text) : line.sign === "-" ? colors.red(text) : text;
  });
}
