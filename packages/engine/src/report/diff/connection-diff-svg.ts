import type { ConnectionDiff } from "../../diff/connection-diff.ts";
import { Names } from "../names.ts";
import { markupText } from "../text/markup-text.ts";
import { textWidth } from "../text/text-width.ts";
import { diffSummary } from "./connection-diff-md.ts";
import { lonePeerText } from "./connection-diff-text.ts";
import { lonePeersOf } from "./connection-diff-wide.ts";
import { diffCauseText } from "./diff-cause-text.ts";
import { causeTexts, diffLines } from "./diff-lines.ts";

/** Pixels. */
const row = 20;
const margin = 12;
const characterWidth = 6.6;
const between = 260;
const headHeight = 34;

/**
 * The changes as a drawing, in chunks: sources on the left, destinations on the right, a curve for each change: green and
 * whole for what opened, red and dashed for what closed. Each curve's title tells ends, ports and policies, and its
 * `data-source`, `data-destination` and `data-ports` name them.
 */
export function* connectionDiffSvg(diff: ConnectionDiff): Iterable<string> {
  const names = new Names(markupText);
  const [left, right] = [new Map<string, number>(), new Map<string, number>()];
  for (const { source, destination } of diffLines(diff)) {
    place(left, names.peer(source));
    place(right, names.peer(destination));
  }
  const lone = lonePeersOf(diff).map(([word, each]) => `${word} ${lonePeerText(each)}`);
  const leftWidth = room([...left.keys()]);
  const start = margin + leftWidth;
  const rows = Math.max(left.size, right.size);
  const summary = diffSummary(diff);
  const width = Math.max(
    start + between + room([...right.keys()]) + margin,
    room([summary, ...lone]) + 2 * margin,
  );
  const loneTop = headHeight + rows * row + margin;
  const height = loneTop + lone.length * row + margin;
  yield `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">\n`;
  yield `<title>${markupText(summary)}</title>\n<style>${style}</style>\n<rect class="ground" width="${width}" height="${height}"/>\n`;
  yield `<text class="head" x="${margin}" y="20">${markupText(summary)}</text>\n`;
  const y = (at: number) => headHeight + at * row + row / 2;
  for (const [name, at] of left)
    yield `<text class="source" x="${start - 6}" y="${y(at) + 4}">${name}</text>\n`;
  for (const [name, at] of right) yield `<text x="${start + between + 6}" y="${y(at) + 4}">${name}</text>\n`;
  const because = causeTexts((cause) => markupText(diffCauseText(cause)));
  for (const { change, source, destination, ports, causes } of diffLines(diff)) {
    const [from, to, what] = [names.peer(source), names.peer(destination), names.ports(ports)];
    const [a, b] = [y(left.get(from)!), y(right.get(to)!)];
    const curve = `M${start} ${a}C${start + 90} ${a} ${start + between - 90} ${b} ${start + between} ${b}`;
    const title = [`${change}: ${from} → ${to}: ${what}`, ...because(causes)].join("\n");
    yield `<path class="${change}" data-source="${from}" data-destination="${to}" data-ports="${what}" d="${curve}"><title>${title}</title></path>\n`;
  }
  for (const [at, text] of lone.entries())
    yield `<text class="lone" x="${margin}" y="${loneTop + at * row + 14}">${markupText(text)}</text>\n`;
  yield "</svg>\n";
}

const style =
  "text{font:11px ui-monospace,monospace;fill:#222}.head{font-weight:700}.source{text-anchor:end}.ground{fill:#fff}path{fill:none;stroke-width:1.5}.opened{stroke:#14713a}.closed{stroke:#b3261e;stroke-dasharray:5 3}path:hover{stroke-width:4}";

function place(column: Map<string, number>, name: string): void {
  if (!column.has(name)) column.set(name, column.size);
}

const room = (texts: readonly string[]): number =>
  Math.ceil(texts.reduce((most, text) => Math.max(most, textWidth(text)), 4) * characterWidth) + 8;
