/**
 * A table in kubectl's style: upper-case headers, three spaces between columns, no boxes, nothing trailing. Widths are
 * counted in code points; `visible` gives the text that a cell shows when it carries colour.
 */
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

// biome-ignore lint/suspicious/noControlCharactersInRegex: colour sequences start with the escape character
const colour = /\u001b\[[0-9;]*m/g;

/** Columns that a text takes on a terminal, colour sequences not counted. */
export function textWidth(text: string): number {
  return [...text.replace(colour, "")].length;
}

export function padEnd(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - textWidth(text)));
}

export function padCenter(text: string, width: number): string {
  const left = Math.max(0, Math.floor((width - textWidth(text)) / 2));
  return padEnd(" ".repeat(left) + text, width);
}
