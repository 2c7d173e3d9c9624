import type { ConnectionDiff } from "../../diff/connection-diff.ts";
import { listedPeerText } from "../listed-peer-text.ts";
import { Names } from "../names.ts";
import { dotText } from "../text/dot-text.ts";
import { lonePeersOf } from "./connection-diff-wide.ts";
import { diffCauseText } from "./diff-cause-text.ts";
import { causeTexts, diffLines } from "./diff-lines.ts";

/** A graph for Graphviz, in chunks: what opened in green, what closed in red and dashed, with the policies as tooltips. */
export function* connectionDiffDot(diff: ConnectionDiff): Iterable<string> {
  const changed = new Set<string>();
  for (const { source, destination } of diffLines(diff)) {
    changed.add(listedPeerText(source));
    changed.add(listedPeerText(destination));
  }
  const ids = new Map([...changed].sort().map((name, at) => [name, `p${at}`]));
  yield 'digraph diff {\n  rankdir=LR;\n  node [shape=box, fontname="sans-serif"];\n  edge [fontname="sans-serif", fontsize=10];\n';
  for (const [name, id] of ids) yield `  ${id} [label=${dotText(name)}];\n`;
  for (const [at, [word, { peer }]] of lonePeersOf(diff).entries()) {
    const look =
      word === "new" ? 'color="#14713a", xlabel="new"' : 'color="#b3261e", style=dashed, xlabel="gone"';
    yield `  p${ids.size + at} [label=${dotText(listedPeerText(peer))}, ${look}];\n`;
  }
  const names = new Names(dotText);
  const because = causeTexts(diffCauseText);
  for (const { change, source, destination, ports, causes } of diffLines(diff)) {
    const look = change === "opened" ? 'color="#14713a"' : 'color="#b3261e", style=dashed';
    const ends = `${ids.get(listedPeerText(source))} -> ${ids.get(listedPeerText(destination))}`;
    yield `  ${ends} [label=${names.ports(ports)}, ${look}, class="${change}", tooltip=${dotText(because(causes).join("; "))}];\n`;
  }
  yield "}\n";
}
