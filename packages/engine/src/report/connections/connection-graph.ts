import type { ConnectionList } from "../../reach/connection-list.ts";
import type { ListedPeer } from "../../reach/listed-peer.ts";
import { listedPeerText } from "../listed-peer-text.ts";

/** A peer as a vertex of a drawing. */
interface Vertex {
  /** A word that every drawing language takes. */
  readonly id: string;
  readonly label: string;
}

/** The vertices that a drawing of a list has. */
export interface ConnectionGraph {
  readonly namespaces: ReadonlyMap<string, readonly Vertex[]>;
  readonly outside: readonly Vertex[];
  readonly ids: ReadonlyMap<ListedPeer, string>;
}

/** Every peer of a connection, by namespace; without filters the peers that have no connection as well. */
export function connectionGraph(list: ConnectionList): ConnectionGraph {
  const shown = new Set<ListedPeer>();
  const outside = new Set<ListedPeer>();
  for (const { destination, sources } of list.groups()) {
    for (const peer of [destination, ...sources]) (peer.kind === "pods" ? shown : outside).add(peer);
  }
  const ids = new Map<ListedPeer, string>();
  const vertex = (peer: ListedPeer): Vertex => {
    const id = `p${ids.size}`;
    ids.set(peer, id);
    return { id, label: listedPeerText(peer) };
  };
  const namespaces = new Map<string, Vertex[]>();
  for (const peer of list.peers) {
    if (list.partial && !shown.has(peer)) continue;
    const vertices = namespaces.get(peer.namespace) ?? [];
    namespaces.set(peer.namespace, vertices);
    vertices.push(vertex(peer));
  }
  return { namespaces, outside: [...outside].map(vertex), ids };
}
