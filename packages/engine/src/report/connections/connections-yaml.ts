import type { ConnectionList } from "../../reach/connection-list.ts";
import { Names } from "../names.ts";
import { yamlItems } from "../text/yaml-items.ts";
import { yamlScalarText } from "../text/yaml-scalar-text.ts";
import { Glossary } from "./glossary.ts";

/** What `connectionsJson` says, as YAML, in chunks. Details of peers and port sets stand in flow style. */
export function* connectionsYaml(list: ConnectionList): Iterable<string> {
  const names = new Names(yamlScalarText);
  const glossary = new Glossary(list);
  let count = 0;
  yield `kind: ConnectionList\ndenied: ${list.denied}\nconnections:`;
  for (const group of list.groups()) {
    glossary.add(group);
    const { destination, sources, ports } = group;
    const to = `\n  destination: ${names.peer(destination)}\n  ports: `;
    let lines = "";
    for (const [at, source] of sources.entries()) {
      lines += `\n- source: ${names.peer(source)}${to}${names.ports(ports[at]!)}`;
    }
    count += sources.length;
    yield lines;
  }
  yield count === 0 ? " []\nportSets:" : "\nportSets:";
  yield* yamlItems(glossary.portSets());
  yield "\npeers:";
  yield* yamlItems(glossary.peers());
  yield `\ncount: ${count}\n`;
}
