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
import { printChunks } from "../list/print-chunks.ts";
import { reportStyle } from "../text/report-style.ts";

/** Prints a diff in one of the formats of `portcullis diff -o`. */
export function printDiff(diff: ConnectionDiff, output: string, io: Io): Promise<void> {
  return printChunks(chunksOf(diff, output, reportStyle(io.outColors)), io);
}

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
