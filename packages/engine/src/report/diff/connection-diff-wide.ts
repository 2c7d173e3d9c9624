import type { ConnectionDiff } from "../../diff/connection-diff.ts";
import { listedPeerText } from "../listed-peer-text.ts";
import { Names } from "../names.ts";
import { printable } from "../text/printable.ts";
import { plainStyle, type Style } from "../text/style.ts";
import { padEnd, textWidth } from "../text/text-width.ts";
import { lonePeerText } from "./connection-diff-text.ts";
import { diffCauseText } from "./diff-cause-text.ts";
import { causeTexts, diffLines } from "./diff-lines.ts";

const heads = ["CHANGE", "SOURCE", "DESTINATION", "PORTS", "RESPONSIBLE"] as const;

/** Every change on a line of its own, with all responsible policies, as a table in chunks. Nothing when nothing changed. */
export function* connectionDiffWide(diff: ConnectionDiff, style: Style = plainStyle): Iterable<string> {
  const names = new Names(printable);
  const widths: number[] = heads.map((head) => head.length);
  const widen = (column: number, text: string) => {
    widths[column] = Math.max(widths[column]!, textWidth(text));
  };
  let any = false;
  // Each text is measured once, however often it stands in the table.
  const measured = new Set<unknown>();
  const once = (key: unknown, column: number, text: () => string) => {
    if (measured.has(key)) return;
    measured.add(key);
    widen(column, text());
  };
  for (const { source, destination, ports } of diffLines(diff)) {
    any = true;
    once(source, 1, () => names.peer(source));
    widen(2, destination.kind === "pods" ? "" : names.peer(destination));
    once(ports, 3, () => names.ports(ports));
  }
  for (const { peer } of diff.common) widen(2, names.peer(peer));
  for (const { peer } of [...diff.added, ...diff.removed]) {
    any = true;
    widen(1, names.peer(peer));
  }
  if (!any) return;
  const line = (cells: readonly string[], paint = (text: string) => text) =>
    `${paint(
      cells
        .map((cell, at) => padEnd(cell, widths[at]!))
        .join("   ")
        .trimEnd(),
    )}\n`;
  widths[4] = 0;
  yield line(heads);
  const because = causeTexts((cause) => printable(diffCauseText(cause)));
  for (const [word, lone] of lonePeersOf(diff)) {
    const text = printable(lonePeerText(lone).slice(listedPeerText(lone.peer).length + 2));
    yield line([word, names.peer(lone.peer), "", "", text], style.bold);
  }
  for (const { change, source, destination, ports, causes } of diffLines(diff)) {
    yield line(
      [change, names.peer(source), names.peer(destination), names.ports(ports), because(causes).join("; ")],
      change === "opened" ? style.allow : style.deny,
    );
  }
}

/** Workloads in one state only, with the word for it. */
export function lonePeersOf({ added, removed }: ConnectionDiff) {
  return [...added.map((lone) => ["new", lone] as const), ...removed.map((lone) => ["gone", lone] as const)];
}
