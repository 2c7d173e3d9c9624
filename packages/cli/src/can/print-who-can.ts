import {
  tableCsv,
  tableMarkdown,
  tableText,
  type WhoCan,
  whoCanJson,
  whoCanTable,
  whoCanText,
} from "@portcullis/engine";
import type { Io } from "../io/io.ts";
import { reportStyle } from "../text/report-style.ts";
import { formatYaml } from "../text/yaml.ts";

/** Prints who can reach whom in one of the formats. All of them list the same connections. */
export function printWhoCan(answer: WhoCan, output: string, io: Io): void {
  io.out(inFormat(answer, output, io));
}

function inFormat(answer: WhoCan, output: string, io: Io): string {
  const style = reportStyle(io.outColors);
  switch (output) {
    case "wide":
      return tableText(whoCanTable(answer), style);
    case "csv":
      return tableCsv(whoCanTable(answer));
    case "md":
      return tableMarkdown(whoCanTable(answer));
    case "json":
      return `${JSON.stringify(whoCanJson(answer), null, 2)}\n`;
    case "yaml":
      return formatYaml(whoCanJson(answer));
    default:
      return whoCanText(answer, style);
  }
}
