import type { PortSet } from "../../net/port-set.ts";
import type { ConnectionList } from "../../reach/connection-list.ts";
import type { ListedPeer } from "../../reach/listed-peer.ts";
import { listedPeerText } from "../listed-peer-text.ts";
import { Names } from "../names.ts";
import { portSetText } from "../port-set-text.ts";
import { peerJson, portSetJson } from "./connections-data.ts";

/**
 * The list as JSON, in chunks: `connections` by the ids of peers and the texts of port sets, then what these ids and texts
 * stand for. Ids are the names that the other formats show.
 */
export function* connectionsJson(list: ConnectionList): Iterable<string> {
  const names = new Names(JSON.stringify);
  const peers = new Set<ListedPeer>(list.peers);
  const portSets = new Map<string, PortSet>();
  let count = 0;
  yield `{\n  "kind": "ConnectionList",\n  "denied": ${list.denied},\n  "connections": [`;
  for (const { destination, sources, ports } of list.groups()) {
    const to = `, "destination": ${names.peer(destination)}, "ports": `;
    peers.add(destination);
    let lines = "";
    for (const [at, source] of sources.entries()) {
      const own = ports[at]!;
      if (source.kind === "outside") peers.add(source);
      if (!portSets.has(own.key)) portSets.set(own.key, own);
      lines += `${count++ === 0 ? "" : ","}\n    {"source": ${names.peer(source)}${to}${names.ports(own)}}`;
    }
    yield lines;
  }
  yield `${count === 0 ? "" : "\n  "}],\n  "portSets": [`;
  yield* items([...portSets.values()], (set) =>
    JSON.stringify({ id: portSetText(set), ...portSetJson(set) }),
  );
  yield '],\n  "peers": [';
  yield* items(peers, (peer) => JSON.stringify({ id: listedPeerText(peer), ...peerJson(peer, list) }));
  yield `],\n  "count": ${count}\n}\n`;
}

function* items<T>(all: Iterable<T>, text: (item: T) => string): Iterable<string> {
  let any = false;
  for (const item of all) {
    yield `${any ? "," : ""}\n    ${text(item)}`;
    any = true;
  }
  if (any) yield "\n  ";
}
