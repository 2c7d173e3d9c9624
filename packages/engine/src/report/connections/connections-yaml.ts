import type { PortSet } from "../../net/port-set.ts";
import type { ConnectionList } from "../../reach/connection-list.ts";
import type { ListedPeer } from "../../reach/listed-peer.ts";
import { listedPeerText } from "../listed-peer-text.ts";
import { Names } from "../names.ts";
import { portSetText } from "../port-set-text.ts";
import { yamlScalarText } from "../text/yaml-scalar-text.ts";
import { peerJson, portSetJson } from "./connections-data.ts";

/** What `connectionsJson` says, as YAML, in chunks. Details of peers and port sets stand in flow style. */
export function* connectionsYaml(list: ConnectionList): Iterable<string> {
  const names = new Names(yamlScalarText);
  const peers = new Set<ListedPeer>(list.peers);
  const portSets = new Map<string, PortSet>();
  let count = 0;
  yield `kind: ConnectionList\ndenied: ${list.denied}\nconnections:`;
  for (const { destination, sources, ports } of list.groups()) {
    const to = `\n  destination: ${names.peer(destination)}\n  ports: `;
    peers.add(destination);
    let lines = "";
    for (const [at, source] of sources.entries()) {
      const own = ports[at]!;
      if (source.kind === "outside") peers.add(source);
      if (!portSets.has(own.key)) portSets.set(own.key, own);
      count++;
      lines += `\n- source: ${names.peer(source)}${to}${names.ports(own)}`;
    }
    yield lines;
  }
  yield count === 0 ? " []\nportSets:" : "\nportSets:";
  yield* items([...portSets.values()], (set) =>
    JSON.stringify({ id: portSetText(set), ...portSetJson(set) }),
  );
  yield "\npeers:";
  yield* items(peers, (peer) => JSON.stringify({ id: listedPeerText(peer), ...peerJson(peer, list) }));
  yield `\ncount: ${count}\n`;
}

function* items<T>(all: Iterable<T>, text: (item: T) => string): Iterable<string> {
  let any = false;
  for (const item of all) {
    yield `\n- ${text(item)}`;
    any = true;
  }
  if (!any) yield " []";
}
