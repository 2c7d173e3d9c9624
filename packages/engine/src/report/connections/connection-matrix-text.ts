import { PortSet } from "../../net/port-set.ts";
import type { ConnectionList } from "../../reach/connection-list.ts";
import type { ListedPeer } from "../../reach/listed-peer.ts";
import { listedPeerText } from "../listed-peer-text.ts";
import { portSetText } from "../port-set-text.ts";
import { printable } from "../text/printable.ts";
import { plainStyle, type Style } from "../text/style.ts";
import { padBoth, padEnd, textWidth } from "../text/text-width.ts";
import { type ConnectionMatrix, connectionMatrix } from "./connection-matrix.ts";
import { namespaceMatrix } from "./namespace-matrix.ts";

export interface ConnectionMatrixTextOptions {
  readonly style?: Style;
  /** Columns of the terminal: a wider matrix is cut into several. No limit when absent. */
  readonly width?: number;
  /** What a cell may have at most: such cells are `✓`. Everything when absent. */
  readonly within?: PortSet;
  /** Namespaces in place of workloads: how many of a hundred pairs have a connection. */
  readonly byNamespace?: boolean;
  /** Called before the first line, with how many rows and columns there are. */
  readonly onSize?: (rows: number, columns: number) => void;
}

/** Equal texts are painted alike. */
interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

/** A matrix to be laid out. */
interface Sheet {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  cell(row: number, column: number): Cell;
  /** No cell is wider. */
  readonly widest: number;
  readonly legend: readonly string[];
}

const corner = "from \\ to";

/** The matrix of a list for a terminal, in chunks: rows are sources, columns destinations; below it what the signs mean. */
export function* connectionMatrixText(
  list: ConnectionList,
  {
    style = plainStyle,
    width = Number.POSITIVE_INFINITY,
    within = PortSet.all,
    byNamespace = false,
    onSize,
  }: ConnectionMatrixTextOptions = {},
): Iterable<string> {
  const matrix = connectionMatrix(list);
  if (matrix.rows.length === 0 || matrix.columns.length === 0) return;
  const sheet = byNamespace ? sharesOf(list, matrix, style) : signsOf(list, matrix, within, style);
  onSize?.(sheet.rows.length, sheet.columns.length);
  const blocks = layOut(sheet, width);
  for (const [at, block] of blocks.entries()) {
    if (at > 0) yield "\n";
    yield* blockLines(sheet, block, style);
  }
  for (const line of sheet.legend) yield `${style.dim(line)}\n`;
}

/** Columns that stand side by side. */
interface Block {
  readonly from: number;
  readonly to: number;
  readonly heads: readonly string[];
  readonly rows: readonly string[];
}

/** One block with names over the columns where that fits; else blocks with numbers, which the rows tell. */
function layOut(sheet: Sheet, width: number): readonly Block[] {
  const { rows, columns } = sheet;
  const widthOf = (heads: readonly string[], at: number) => 2 + columnWidth(sheet, at, heads[at]!);
  const margin = (names: readonly string[]) =>
    names.reduce((most, name) => Math.max(most, textWidth(name)), corner.length);
  const whole = columns.reduce((sum, _, at) => sum + widthOf(columns, at), margin(rows));
  if (whole <= width) return [{ from: 0, to: columns.length, heads: columns, rows }];
  const numbers = columns.map((_, at) => String(at + 1));
  const digits = String(Math.max(rows.length, columns.length)).length;
  const places = new Map(columns.map((name, at) => [name, at + 1]));
  const named = rows.map((name) => `${String(places.get(name) ?? "").padStart(digits)} ${name}`);
  const blocks: Block[] = [];
  for (let from = 0; from < columns.length; ) {
    let [to, used] = [from, margin(named)];
    while (to < columns.length && (to === from || used + widthOf(numbers, to) <= width))
      used += widthOf(numbers, to++);
    blocks.push({ from, to, heads: numbers, rows: named });
    from = to;
  }
  return blocks;
}

/** Cells are looked at only where one may be wider than the heading: there may be a hundred million. */
function columnWidth({ rows, cell, widest }: Sheet, column: number, head: string): number {
  const own = textWidth(head);
  if (own >= widest) return own;
  return rows.reduce((most, _, row) => Math.max(most, textWidth(cell(row, column).text)), own);
}

function* blockLines(sheet: Sheet, { from, to, heads, rows }: Block, style: Style): Iterable<string> {
  const margin = rows.reduce((most, name) => Math.max(most, textWidth(name)), corner.length);
  const columns = heads.slice(from, to).map((head, at) => {
    const column = from + at;
    return { column, head, width: columnWidth(sheet, column, head), known: new Map<string, string>() };
  });
  const line = (cells: readonly string[]) => `${cells.join("  ").trimEnd()}\n`;
  yield line([
    style.dim(padEnd(corner, margin)),
    ...columns.map(({ head, width }) => style.bold(padBoth(head, width))),
  ]);
  for (const [row, name] of rows.entries()) {
    const cells = columns.map(({ column, width, known }) => {
      const { text, paint } = sheet.cell(row, column);
      let made = known.get(text);
      if (made === undefined) {
        made = padBoth(text, width);
        if (paint !== undefined) made = paint(made);
        known.set(text, made);
      }
      return made;
    });
    yield line([style.bold(padEnd(name, margin)), ...cells]);
  }
  const unnamed = sheet.columns.flatMap((name, at) =>
    heads[at] !== name && at >= from && at < to && !sheet.rows.includes(name) ? [`${heads[at]} ${name}`] : [],
  );
  for (const each of unnamed) yield `${style.dim(each)}\n`;
}

/** ✓ for everything asked, ✗ for nothing, letters for sets in between. */
function signsOf(list: ConnectionList, matrix: ConnectionMatrix, within: PortSet, style: Style): Sheet {
  const { rows, columns, portSets, cells } = matrix;
  const some = portSets.filter((set) => !set.equals(within));
  const letters = new Map(some.map((set, at) => [set, letter(at)]));
  const signs: Cell[] = [
    { text: "✗", paint: style.deny },
    ...portSets.map((set) => ({ text: letters.get(set) ?? "✓", paint: style.allow })),
  ];
  const notAsked: Cell = { text: "·", paint: style.dim };
  const meaning = within === PortSet.all ? "all ports" : portSetText(within);
  return {
    rows: rows.map(nameOf),
    columns: columns.map(nameOf),
    cell: (row, column) => {
      const value = cells.get(column)?.[row] ?? 0;
      return value === 0 && !list.asks(rows[row]!, columns[column]!) ? notAsked : signs[value]!;
    },
    widest: signs.reduce((most, { text }) => Math.max(most, textWidth(text)), 1),
    legend: [
      `✓ ${meaning}   ✗ none   · not asked`,
      ...[...letters].map(([set, sign]) => `${sign} ${portSetText(set)}`),
    ],
  };
}

function sharesOf(list: ConnectionList, matrix: ConnectionMatrix, style: Style): Sheet {
  const { names, shares } = namespaceMatrix(list, matrix);
  return {
    rows: names,
    columns: names,
    cell: (row, column) => {
      const share = shares[row]![column];
      if (share === undefined) return { text: "·", paint: style.dim };
      // Nearly none is not none, and nearly all not all.
      const percent =
        share === 0 || share === 1 ? share * 100 : Math.min(99, Math.max(1, Math.round(share * 100)));
      return { text: `${percent}`, paint: share === 0 ? style.deny : style.allow };
    },
    widest: "100".length,
    legend: ["of a hundred pairs of workloads, how many have a connection; · no pair"],
  };
}

const nameOf = (peer: ListedPeer): string => printable(listedPeerText(peer));

/** a, …, z, aa, ab, …, without an end. */
function letter(index: number): string {
  const last = String.fromCharCode(97 + (index % 26));
  return index < 26 ? last : letter(Math.floor(index / 26) - 1) + last;
}
