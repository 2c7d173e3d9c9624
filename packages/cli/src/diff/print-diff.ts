import {
  type ConnectionDiff,
  connectionDiffCsv,
  connectionDiffDot,
  connectionDiffHtml,
  connectionDiffJson,
  connectionDiffMarkdown,
  connectionDiffSvg,
  connectionDiffText,
  connectionDiffWide,
  connectionDiffYaml,
} from "@portcullis/engine";
import type { Io } from "../io/io.ts";
import { reportStyle } from "../text/report-style.ts";

/** Prints a diff in one of the formats of `portcullis diff -o`. */
export function printDiff(diff: ConnectionDiff, output: string, io: Io): void {
  const style = reportStyle(io.outColors);
  let text = "";
  for (const chunk of chunksOf(diff, output, style)) {
    text += chunk;
    if (text.length < chunkSize) continue;
    io.out(text);
    text = "";
  }
  if (text !== "") io.out(text);
}

/** Characters that are written at once: many small writes are slow. */
const chunkSize = 64 * 1024;

function chunksOf(
  diff: ConnectionDiff,
  output: string,
  style: ReturnType<typeof reportStyle>,
): Iterable<string> {
  switch (output) {
    case "wide":
      return connectionDiffWide(diff, style);
    case "json":
      return connectionDiffJson(diff);
    case "yaml":
      return connectionDiffYaml(diff);
    case "md":
      return [connectionDiffMarkdown(diff)];
    case "csv":
      return connectionDiffCsv(diff);
    case "dot":
      return connectionDiffDot(diff);
    case "svg":
      return connectionDiffSvg(diff);
    case "html":
      return connectionDiffHtml(diff);
    default:
      return [connectionDiffText(diff, style)];
  }
}
