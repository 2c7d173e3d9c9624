import type { Cluster } from "../cluster/cluster.ts";
import type { Direction, NetworkPolicy } from "../model/network-policy.ts";
import {
  type ConnectionGroup,
  type ConnectionOptions,
  connectionGroups,
  listedSides,
} from "./connections.ts";
import { isAlone, type ListedPeer, type ListedPods } from "./listed-peer.ts";

export type ConnectionListOptions = ConnectionOptions;

/** A list of connections as reports read it: nothing is kept of the connections, so that there may be any number. */
export interface ConnectionList {
  /** All workloads (or pods) of the cluster, whether a connection shows them or not. Sorted. */
  readonly peers: readonly ListedPods[];
  /** Whether these are the connections that are not allowed. */
  readonly denied: boolean;
  /** Whether pods are listed one by one. */
  readonly byPod: boolean;
  /** Whether some connections are left out by who takes part in them. */
  readonly partial: boolean;
  /** By destination, in order; computed anew each time, with the same objects for the same peers. */
  groups(): Iterable<ConnectionGroup>;
  /** Whether the list would have the connection if there were one. */
  asks(source: ListedPeer, destination: ListedPeer): boolean;
  /** Whether the list is about what comes to the peer (Ingress) or goes out from it (Egress). */
  inFocus(peer: ListedPods, direction: Direction): boolean;
  /** The policies that isolate the peer in the direction, by name. */
  isolating(peer: ListedPods, direction: Direction): readonly NetworkPolicy[];
}

/** The connections of a cluster as it is now. */
export function connectionList(cluster: Cluster, options: ConnectionListOptions = {}): ConnectionList {
  const reach = cluster.reachability();
  const { byPod = false, denied = false } = options;
  const sides = listedSides(reach, options);
  const { inward, outward, other } = sides;
  const places = new Map<ListedPeer, number>(sides.peers.map(({ peer }, at) => [peer, at]));
  return {
    peers: sides.peers.map(({ peer }) => peer),
    denied,
    byPod,
    partial: options.focus !== undefined || options.direction !== undefined || options.peer !== undefined,
    groups: () => connectionGroups(reach, options, sides),
    asks: (source, destination) => {
      const [from, to] = [places.get(source), places.get(destination)];
      if (from === undefined) return to !== undefined && inward[to]!;
      if (to === undefined) return outward[from]!;
      if (from === to && source.kind === "pods" && isAlone(source)) return false;
      return (inward[to]! && other[from]!) || (outward[from]! && other[to]!);
    },
    inFocus: (peer, direction) => (direction === "Ingress" ? inward : outward)[places.get(peer)!]!,
    isolating: (peer, direction) => reach.isolating(reach.classOf(peer.pods[0]!)!, direction),
  };
}
