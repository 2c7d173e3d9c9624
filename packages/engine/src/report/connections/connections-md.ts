import type { ConnectionList } from "../../reach/connection-list.ts";
import { Names } from "../names.ts";
import { markdownCell } from "../text/markdown-cell.ts";

/** A Markdown table (GitHub's dialect), in chunks. */
export function* connectionsMarkdown(list: ConnectionList): Iterable<string> {
  const names = new Names(markdownCell);
  yield `| Source | Destination | ${list.denied ? "Denied" : "Allowed"} |\n| --- | --- | --- |\n`;
  for (const { destination, sources, ports } of list.groups()) {
    const to = ` | ${names.peer(destination)} | `;
    let lines = "";
    for (const [at, source] of sources.entries())
      lines += `| ${names.peer(source)}${to}${names.ports(ports[at]!)} |\n`;
    yield lines;
  }
}
