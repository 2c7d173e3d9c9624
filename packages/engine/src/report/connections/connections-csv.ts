import type { ConnectionList } from "../../reach/connection-list.ts";
import { Names } from "../names.ts";
import { csvField } from "../text/csv-field.ts";

/** One line for each connection: source, destination, ports. Chunks of text, RFC 4180 with line feeds. */
export function* connectionsCsv(list: ConnectionList): Iterable<string> {
  const names = new Names(csvField);
  yield "source,destination,ports\n";
  for (const { destination, sources, ports } of list.groups()) {
    const to = `,${names.peer(destination)},`;
    let lines = "";
    for (const [at, source] of sources.entries())
      lines += `${names.peer(source)}${to}${names.ports(ports[at]!)}\n`;
    yield lines;
  }
}
