import { padEnd, textWidth } from "@portcullis/engine";

/** A table in kubectl's style: upper-case headers, three spaces between columns, no boxes, nothing trailing. */
export function formatTable(
  headers: readonly string[],
  rows: readonly (readonly string[])[],
  indent = "",
): string {
  const widths = headers.map((header, column) =>
    Math.max(textWidth(header), ...rows.map((row) => textWidth(row[column] ?? ""))),
  );
  return [headers, ...rows]
    .map((row) => {
      const cells = row.map((cell, column) => padEnd(cell, widths[column] ?? 0));
      return `${indent}${cells.join("   ").trimEnd()}\n`;
    })
    .join("");
}
