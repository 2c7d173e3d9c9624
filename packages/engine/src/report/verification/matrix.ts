import { plainStyle, type Style } from "../text/style.ts";
import { padBoth, padEnd, textWidth } from "../text/text-width.ts";

/** What was predicted for a pair, and what was seen if somebody tried. */
export interface MatrixCell {
  readonly predicted: boolean;
  readonly observed?: boolean;
}

/** Who reaches whom: rows are sources, columns destinations. `cells[row][column]` is absent where nothing was asked. */
export interface Matrix {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly cells: readonly (readonly (MatrixCell | undefined)[])[];
}

export interface MatrixOptions {
  readonly style?: Style;
  /** Columns of the terminal; a wider matrix gets numbers for its column names. Default 100. */
  readonly width?: number;
}

const CORNER = "from \\ to";

/** The matrix for a terminal, with a legend. Lines without a trailing line break. */
export function matrixText(matrix: Matrix, { style = plainStyle, width = 100 }: MatrixOptions = {}): string {
  const { cells } = matrix;
  const { rows, heads, key } = labels(matrix, width);
  const first = Math.max(textWidth(CORNER), ...rows.map(textWidth));
  const lines = [
    [style.dim(padEnd(CORNER, first)), ...heads.map((head) => style.bold(padBoth(head, columnWidth(head))))],
    ...rows.map((name, row) => [
      style.bold(padEnd(name, first)),
      ...heads.map((head, column) => cellText(cells[row]?.[column], columnWidth(head), style)),
    ]),
  ];
  return [
    ...lines.map((line) => line.join("  ").trimEnd()),
    ...key.map((line) => style.dim(line)),
    style.dim(legend(matrix)),
  ].join("\n");
}

/** Names where they fit; else columns are numbered, and the numbers stand at the rows or, if those differ, below. */
function labels({ rows, columns }: Matrix, width: number) {
  const first = Math.max(textWidth(CORNER), ...rows.map(textWidth));
  const needed = first + columns.reduce((sum, name) => sum + 2 + columnWidth(name), 0);
  if (needed <= width) return { rows, heads: columns, key: [] };
  const heads = columns.map((_, index) => String(index + 1));
  const digits = String(columns.length).length;
  const numbered = columns.map((name, index) => `${heads[index]!.padStart(digits)} ${name}`);
  const square = rows.length === columns.length && rows.every((name, index) => name === columns[index]);
  return square ? { rows: numbered, heads, key: [] } : { rows, heads, key: numbered };
}

/** A sign may need two columns: itself and the mark of disagreement. */
const columnWidth = (head: string): number => Math.max(2, textWidth(head));

function cellText(cell: MatrixCell | undefined, width: number, style: Style): string {
  if (cell === undefined) return style.dim(padBoth("·", width));
  const sign = padBoth(`${cell.predicted ? "✓" : "✗"}${disagrees(cell) ? "!" : ""}`, width);
  const paint = cell.predicted ? style.allow : style.deny;
  return disagrees(cell) ? style.bold(paint(sign)) : paint(sign);
}

const disagrees = ({ predicted, observed }: MatrixCell): boolean =>
  observed !== undefined && observed !== predicted;

function legend({ cells }: Matrix): string {
  const all = cells.flat();
  return [
    "✓ allowed",
    "✗ denied",
    ...(all.includes(undefined) ? ["· not asked"] : []),
    ...(all.some((cell) => cell && disagrees(cell)) ? ["! predicted so, but the opposite was observed"] : []),
  ].join("   ");
}
