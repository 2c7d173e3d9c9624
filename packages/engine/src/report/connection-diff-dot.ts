import type { ConnectionDiff } from "../diff/connection-diff.ts";
import { diffCauseText } from "./diff-cause-text.ts";
import { diffVertices } from "./diff-graph.ts";
import { causeTexts, diffLines } from "./diff-lines.ts";
import { dotText } from "./dot-text.ts";
import { listedPeerText } from "./listed-peer-text.ts";
import { Names } from "./names.ts";

/** A graph for Graphviz, in chunks: what opened in green, what closed in red and dashed, with the policies as tooltips. */
export function* connectionDiffDot(diff: ConnectionDiff): Iterable<string> {
  const { changed, lone } = diffVertices(diff);
  const ids = new Map([...changed, ...lone.keys()].map((name, at) => [name, `p${at}`]));
  yield 'digraph diff {\n  rankdir=LR;\n  node [shape=box, fontname="sans-serif"];\n  edge [fontname="sans-serif", fontsize=10];\n';
  for (const name of changed) yield `  ${ids.get(name)} [label=${dotText(name)}];\n`;
  for (const [name, word] of lone) {
    const look =
      word === "new" ? 'color="#14713a", xlabel="new"' : 'color="#b3261e", style=dashed, xlabel="gone"';
    yield `  ${ids.get(name)} [label=${dotText(name)}, ${look}];\n`;
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
