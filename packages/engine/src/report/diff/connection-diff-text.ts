import type { ConnectionDiff } from "../../diff/connection-diff.ts";
import type { LonePeer, ReachSummary } from "../../diff/lone-peers.ts";
import { listedPeerText } from "../listed-peer-text.ts";
import { portSetText } from "../port-set-text.ts";
import { printable } from "../text/printable.ts";
import { plainStyle, type Style } from "../text/style.ts";
import { listed } from "../verdict/words.ts";
import { diffCauseTexts } from "./diff-cause-text.ts";
import { type DiffRow, diffRows } from "./diff-rows.ts";

/** At most so many names of a group are told, and so many responsible policies of a side. */
const namesShown = 4;
const causesShown = 3;

/**
 * The short form for people: what opened (`+`) and what closed (`-`), below each line who is responsible, and workloads
 * that are new or gone with what may reach them. Long lists of names are cut. Empty when nothing changed.
 */
export function connectionDiffText(diff: ConnectionDiff, style: Style = plainStyle): string {
  const lines = [
    ...diff.added.map((lone) => `${style.bold("new")} ${printable(lonePeerText(lone))}`),
    ...diff.removed.map((lone) => `${style.bold("gone")} ${printable(lonePeerText(lone))}`),
    ...diffRows(diff).flatMap((row) => rowLines(row, style)),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function rowLines({ sign, sources, destinations, ports, causes }: DiffRow, style: Style): string[] {
  const line = `${sign} ${names(sources)} → ${names(destinations)}: ${portSetText(ports)}`;
  const paint = sign === "+" ? style.allow : style.deny;
  return [
    paint(printable(line)),
    ...diffCauseTexts(causes, causesShown).map((text) => style.dim(`    ${printable(text)}`)),
  ];
}

function names(all: readonly string[]): string {
  if (all.length <= namesShown) return listed(all);
  return listed([...all.slice(0, namesShown - 1), `${all.length - namesShown + 1} more`]);
}

/** `shop/web: reached by 3 pods and the outside; reaches nothing`. */
export function lonePeerText({ peer, reach }: LonePeer): string {
  const name = listedPeerText(peer);
  return `${name}: reached by ${summaryText(reach.Ingress, "nobody")}; reaches ${summaryText(reach.Egress, "nothing")}`;
}

function summaryText({ pods, outside, ports }: ReachSummary, nobody: string): string {
  const parts = [
    ...(pods === 0 ? [] : [`${pods} ${pods === 1 ? "pod" : "pods"}`]),
    ...(outside === "none" ? [] : [outside === "all" ? "the outside" : "parts of the outside"]),
  ];
  return parts.length === 0 ? nobody : `${listed(parts)} (${portSetText(ports)})`;
}
