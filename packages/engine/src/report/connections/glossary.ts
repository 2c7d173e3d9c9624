import type { PortSet } from "../../net/port-set.ts";
import type { ConnectionList } from "../../reach/connection-list.ts";
import type { ConnectionGroup } from "../../reach/connections.ts";
import type { ListedPeer } from "../../reach/listed-peer.ts";
import { listedPeerText } from "../listed-peer-text.ts";
import { portSetText } from "../port-set-text.ts";
import { type ConnectionPeerJson, type PortSetJson, peerJson, portSetJson } from "./connections-data.ts";

/** What the names of a list's peers and port sets stand for, for formats that tell it after the connections. */
export class Glossary {
  readonly #list: ConnectionList;
  readonly #peers: Set<ListedPeer>;
  readonly #portSets = new Map<string, PortSet>();

  constructor(list: ConnectionList) {
    this.#list = list;
    this.#peers = new Set(list.peers);
  }

  /** Remembers what the connections name. */
  add({ destination, sources, ports }: ConnectionGroup): void {
    this.#peers.add(destination);
    for (const source of sources) if (source.kind === "outside") this.#peers.add(source);
    for (const own of ports) if (!this.#portSets.has(own.key)) this.#portSets.set(own.key, own);
  }

  *portSets(): Iterable<PortSetJson & { readonly id: string }> {
    for (const set of this.#portSets.values()) yield { id: portSetText(set), ...portSetJson(set) };
  }

  /** All peers of the list, then those outside that take part. */
  *peers(): Iterable<ConnectionPeerJson & { readonly id: string }> {
    for (const peer of this.#peers) yield { id: listedPeerText(peer), ...peerJson(peer, this.#list) };
  }
}
