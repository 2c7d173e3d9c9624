import type { ConnectionList } from "../../reach/connection-list.ts";
import { portSetText } from "../port-set-text.ts";
import { dotText } from "../text/dot-text.ts";
import { connectionGraph } from "./connection-graph.ts";

/** A graph for Graphviz, in chunks: workloads in clusters by namespace, an edge for each connection. */
export function* connectionsDot(list: ConnectionList): Iterable<string> {
  const { namespaces, outside, ids } = connectionGraph(list);
  yield 'digraph connections {\n  rankdir=LR;\n  node [shape=box, fontname="sans-serif"];\n  edge [fontname="sans-serif", fontsize=10];\n';
  let cluster = 0;
  for (const [namespace, vertices] of namespaces) {
    yield `  subgraph cluster_${cluster++} {\n    label=${dotText(namespace)};\n`;
    for (const { id, label } of vertices) yield `    ${id} [label=${dotText(label)}];\n`;
    yield "  }\n";
  }
  for (const { id, label } of outside)
    yield `  ${id} [label=${dotText(label)}, shape=ellipse, style=dashed];\n`;
  for (const { destination, sources, ports } of list.groups()) {
    const to = ids.get(destination);
    let lines = "";
    for (const [at, source] of sources.entries())
      lines += `  ${ids.get(source)} -> ${to} [label=${dotText(portSetText(ports[at]!))}];\n`;
    yield lines;
  }
  yield "}\n";
}
