import type { ConnectionList } from "../../reach/connection-list.ts";
import { Names } from "../names.ts";
import { jsonItems } from "../text/json-items.ts";
import { Glossary } from "./glossary.ts";

/**
 * The list as JSON, in chunks: `connections` by the ids of peers and the texts of port sets, then what these ids and texts
 * stand for. Ids are the names that the other formats show.
 */
export function* connectionsJson(list: ConnectionList): Iterable<string> {
  const names = new Names(JSON.stringify);
  const glossary = new Glossary(list);
  let count = 0;
  yield `{\n  "kind": "ConnectionList",\n  "denied": ${list.denied},\n  "connections": [`;
  for (const group of list.groups()) {
    glossary.add(group);
    const { destination, sources, ports } = group;
    const to = `, "destination": ${names.peer(destination)}, "ports": `;
    let lines = "";
    for (const [at, source] of sources.entries()) {
      lines += `${count++ === 0 ? "" : ","}\n    {"source": ${names.peer(source)}${to}${names.ports(ports[at]!)}}`;
    }
    yield lines;
  }
  yield `${count === 0 ? "" : "\n  "}],\n  "portSets": [`;
  yield* jsonItems(glossary.portSets());
  yield '],\n  "peers": [';
  yield* jsonItems(glossary.peers());
  yield `],\n  "count": ${count}\n}\n`;
}
