import { plainStyle, type Style } from "../text/style.ts";
import { padBoth, padEnd, textWidth } from "../text/text-width.ts";

/** A table of short texts with names at two sides. */
export interface Grid {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly cells: readonly (readonly {
    readonly text: string;
    readonly paint?: (text: string) => string;
  }[])[];
}

const corner = "from \\ to";

/** Lines for a terminal of `width` columns; where the names of columns do not fit they are numbered. */
export function gridLines(
  { rows, columns, cells }: Grid,
  width: number,
  style: Style = plainStyle,
): string[] {
  const widest = columns.map((_, column) =>
    Math.max(1, ...cells.map((row) => textWidth(row[column]?.text ?? ""))),
  );
  const first = Math.max(textWidth(corner), ...rows.map(textWidth));
  const needed = columns.reduce((sum, name, at) => sum + 2 + Math.max(widest[at]!, textWidth(name)), first);
  const fits = needed <= width;
  const square = rows.length === columns.length && rows.every((name, at) => name === columns[at]);
  const numbers = columns.map((_, at) => String(at + 1));
  const digits = String(columns.length).length;
  const numbered = columns.map((name, at) => `${numbers[at]!.padStart(digits)} ${name}`);
  const heads = fits ? columns : numbers;
  const names = !fits && square ? numbered : rows;
  const margin = Math.max(textWidth(corner), ...names.map(textWidth));
  const widths = heads.map((head, at) => Math.max(widest[at]!, textWidth(head)));
  return [
    [style.dim(padEnd(corner, margin)), ...heads.map((head, at) => style.bold(padBoth(head, widths[at]!)))],
    ...cells.map((row, at) => [
      style.bold(padEnd(names[at] ?? "", margin)),
      ...row.map(({ text, paint }, column) => (paint ?? ((same) => same))(padBoth(text, widths[column]!))),
    ]),
  ]
    .map((line) => line.join("  ").trimEnd())
    .concat(fits || square ? [] : numbered.map((line) => style.dim(line)));
}
