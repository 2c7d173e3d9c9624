import type { ConnectionList } from "../../reach/connection-list.ts";
import { portSetText } from "../port-set-text.ts";
import { connectionGraph } from "./connection-graph.ts";

/** A Mermaid flowchart, in chunks: workloads in subgraphs by namespace, an edge for each connection. */
export function* connectionsMermaid(list: ConnectionList): Iterable<string> {
  const { namespaces, outside, ids } = connectionGraph(list);
  yield "flowchart LR\n";
  let subgraph = 0;
  for (const [namespace, vertices] of namespaces) {
    yield `  subgraph ns${subgraph++}[${quoted(namespace)}]\n`;
    for (const { id, label } of vertices) yield `    ${id}[${quoted(label)}]\n`;
    yield "  end\n";
  }
  for (const { id, label } of outside) yield `  ${id}([${quoted(label)}])\n`;
  for (const { destination, sources, ports } of list.groups()) {
    const to = ids.get(destination);
    let lines = "";
    for (const [at, source] of sources.entries())
      lines += `  ${ids.get(source)} -->|${quoted(portSetText(ports[at]!))}| ${to}\n`;
    yield lines;
  }
}

/** A text in double quotes. Mermaid has no backslash escapes but entity codes (`#quot;`), and renders HTML and Markdown. */
function quoted(text: string): string {
  return `"${text.replace(/\p{Cc}+/gu, " ").replace(/[#&<>"`*_\\;]/g, (character) => `#${character.codePointAt(0)};`)}"`;
}
