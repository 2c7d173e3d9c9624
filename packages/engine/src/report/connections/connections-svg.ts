import type { ConnectionList } from "../../reach/connection-list.ts";
import { listedPeerText } from "../listed-peer-text.ts";
import { portSetText } from "../port-set-text.ts";
import { markupText } from "../text/markup-text.ts";
import { textWidth } from "../text/text-width.ts";
import { type ConnectionMatrix, connectionMatrix } from "./connection-matrix.ts";

/** Pixels. */
const cell = 14;
const characterWidth = 6.6;
const margin = 8;
/** A legend of port sets goes below; longer texts and further sets are told by their titles only. */
const legendSets = 12;

/**
 * The matrix of a list as a drawing, in chunks: a row for each source, a column for each destination. Each set of ports is
 * one path of squares in units of a cell (`M column row`), with its text as `data-ports` and title; the names of rows and
 * columns carry their place as `data-row` and `data-column`.
 */
export function* connectionsSvg(list: ConnectionList): Iterable<string> {
  const matrix = connectionMatrix(list);
  const { rows, columns, portSets } = matrix;
  const names = { rows: rows.map(listedPeerText), columns: columns.map(listedPeerText) };
  const left = margin + room(names.rows);
  const top = margin + room(names.columns);
  const legend = portSets.slice(0, legendSets).map(portSetText);
  const below = (legend.length + (portSets.length > legendSets ? 1 : 0)) * (cell + 4) + 2 * margin;
  const width = Math.max(left + columns.length * cell + margin, margin * 4 + room(legend));
  const height = top + rows.length * cell + below;
  yield `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" data-denied="${list.denied}">\n`;
  yield `<title>${list.denied ? "Denied" : "Allowed"} connections: rows are sources, columns destinations</title>\n<style>${style(portSets.length)}</style>\n`;
  yield `<rect class="ground" width="${width}" height="${height}"/>\n`;
  yield `<g transform="translate(${left} ${top})"><rect class="field" width="${columns.length * cell}" height="${rows.length * cell}"/>\n`;
  for (const [row, name] of names.rows.entries()) {
    yield `<text class="row" data-row="${row}" x="-4" y="${row * cell + cell - 4}">${markupText(name)}</text>\n`;
  }
  for (const [column, name] of names.columns.entries()) {
    yield `<text data-column="${column}" transform="translate(${column * cell + cell - 4} -4) rotate(-90)">${markupText(name)}</text>\n`;
  }
  yield `<g transform="scale(${cell})">\n`;
  for (const [index, path] of paths(matrix).entries()) {
    const text = markupText(portSetText(portSets[index]!));
    yield `<path class="c${index % hues}" data-ports="${text}" d="${path}"><title>${text}</title></path>\n`;
  }
  yield "</g></g>\n";
  for (const [index, text] of legend.entries()) {
    const y = top + rows.length * cell + margin + index * (cell + 4);
    yield `<rect class="c${index % hues}" x="${margin}" y="${y}" width="${cell - 2}" height="${cell - 2}"/><text x="${margin + cell + 4}" y="${y + cell - 4}">${markupText(text)}</text>\n`;
  }
  if (portSets.length > legendSets) {
    const y = top + rows.length * cell + margin + legendSets * (cell + 4);
    yield `<text x="${margin}" y="${y + cell - 4}">and ${portSets.length - legendSets} more, told by their titles</text>\n`;
  }
  yield "</svg>\n";
}

const hues = 12;

function style(sets: number): string {
  const fills = Array.from(
    { length: Math.min(hues, sets) },
    (_, at) => `.c${at}{fill:hsl(${(145 + at * 210) % 360} 55% 42%)}`,
  );
  return `text{font:11px ui-monospace,monospace;fill:#222}.row{text-anchor:end}.ground{fill:#fff}.field{fill:#8881}${fills.join("")}`;
}

const room = (texts: readonly string[]): number =>
  Math.ceil(texts.reduce((most, text) => Math.max(most, textWidth(text)), 4) * characterWidth) + 8;

/** Of each port set its cells, runs down a column joined. */
function paths({ rows, columns, portSets, cells }: ConnectionMatrix): readonly string[] {
  const parts = portSets.map((): string[] => []);
  for (let column = 0; column < columns.length; column++) {
    const own = cells.get(column);
    if (own === undefined) continue;
    for (let row = 0; row < rows.length; ) {
      const value = own[row]!;
      let end = row + 1;
      while (end < rows.length && own[end] === value) end++;
      if (value > 0) parts[value - 1]!.push(`M${column} ${row}h.9v${end - row - 0.1}h-.9z`);
      row = end;
    }
  }
  return parts.map((part) => part.join(""));
}
