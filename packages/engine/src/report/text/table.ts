import { csvField } from "./csv-field.ts";
import { markdownCell } from "./markdown-cell.ts";
import { printable } from "./printable.ts";
import { plainStyle, type Style } from "./style.ts";
import { padEnd, textWidth } from "./text-width.ts";

/** What every tabular format of a report shows, so that all of them say the same. */
export interface Table {
  /** In words, `Let in by`; each format writes them as it is used to. */
  readonly headers: readonly string[];
  /** As many cells each as there are headers. */
  readonly rows: readonly (readonly string[])[];
}

/** kubectl's style: upper-case headers without spaces, three spaces between columns, no boxes, nothing trailing. */
export function tableText({ headers, rows }: Table, style: Style = plainStyle): string {
  const heads = headers.map((header) => header.toUpperCase().replaceAll(" ", "-"));
  const cells = rows.map((row) => row.map(printable));
  const widths = heads.map((head, column) =>
    cells.reduce((widest, row) => Math.max(widest, textWidth(row[column]!)), textWidth(head)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => padEnd(cell, widths[column]!))
      .join("   ")
      .trimEnd();
  return [style.bold(line(heads)), ...cells.map(line)].map((text) => `${text}\n`).join("");
}

/** RFC 4180 with line feeds; headers in lower case with underscores. */
export function tableCsv({ headers, rows }: Table): string {
  const heads = headers.map((header) => header.toLowerCase().replaceAll(" ", "_"));
  return [heads, ...rows].map((row) => `${row.map(csvField).join()}\n`).join("");
}

/** GitHub's dialect. */
export function tableMarkdown({ headers, rows }: Table): string {
  const line = (row: readonly string[]) => `| ${row.join(" | ")} |\n`;
  return (
    line(headers) + line(headers.map(() => "---")) + rows.map((row) => line(row.map(markdownCell))).join("")
  );
}
