import type { Pod } from "../model/objects.ts";
import type { Cidr } from "../net/cidr.ts";
import { PortSet } from "../net/port-set.ts";
import { isAlone, type Listed, type ListedOutside, type ListedPeer, listedPeers } from "./listed-peer.ts";
import { OutsideGroups } from "./outside-groups.ts";
import type { Reachability } from "./reachability.ts";

/** What one peer may reach of another. */
export interface Connection {
  readonly source: ListedPeer;
  readonly destination: ListedPeer;
  readonly ports: PortSet;
}

/** Connections to one destination: of each source, what `ports` has at the same place. Never empty. */
export interface ConnectionGroup {
  readonly destination: ListedPeer;
  readonly sources: readonly ListedPeer[];
  readonly ports: readonly PortSet[];
}

export interface ConnectionOptions {
  /** Every pod for itself; else pods of a workload are one peer (default). */
  readonly byPod?: boolean;
  /** Only connections from or to pods that this is true of. */
  readonly focus?: (pod: Pod) => boolean;
  /** With `focus`: only those to it (Ingress) or from it (Egress). */
  readonly direction?: "Ingress" | "Egress";
  /** Only connections whose other side is one of these. */
  readonly peer?: PeerFilter;
  /** What is not allowed in place of what is. */
  readonly denied?: boolean;
  /** Leave out what does not concern these ports (of the destination), and show no others. */
  readonly within?: PortSet | ((destination: ListedPeer) => PortSet);
}

/** Pods for which `pods` is true, and the addresses outside that lie in one of the prefixes. */
export interface PeerFilter {
  readonly pods: (pod: Pod) => boolean;
  readonly addresses: readonly Cidr[];
}

/**
 * Every connection that is allowed (or denied) between two peers of the cluster, and between each of them and the outside:
 * in the order of destinations, then of sources. A single pod to itself is not listed; between the pods of a workload is.
 */
export function* connections(reach: Reachability, options: ConnectionOptions = {}): Iterable<Connection> {
  for (const { destination, sources, ports } of connectionGroups(reach, options)) {
    for (const [at, source] of sources.entries()) yield { source, destination, ports: ports[at]! };
  }
}

/** The objects that stand for the peers and port sets of a list; who goes through a list again gives the same. */
export interface ListedSides {
  readonly peers: readonly Listed[];
  readonly outside: OutsideGroups;
  readonly visibleAt: VisibleAt;
  /** Of each peer whether connections to it, or from it, are asked for, and whether it may be their other side. */
  readonly inward: readonly boolean[];
  readonly outward: readonly boolean[];
  readonly other: readonly boolean[];
}

export function listedSides(reach: Reachability, options: ConnectionOptions): ListedSides {
  const { focus, direction, peer } = options;
  const peers = listedPeers(reach, options.byPod === true);
  const inFocus = peers.map(({ peer: { pods } }) => focus === undefined || pods.some(focus));
  return {
    peers,
    outside: new OutsideGroups(reach.classes, peer?.addresses),
    visibleAt: visiblePorts(options),
    inward: inFocus.map((own) => own && direction !== "Egress"),
    outward: inFocus.map((own) => own && direction !== "Ingress"),
    other: peers.map(({ peer: { pods } }) => peer === undefined || pods.some(peer.pods)),
  };
}

/** The same by destination, for many: a destination outside the cluster may come several times. */
export function* connectionGroups(
  reach: Reachability,
  options: ConnectionOptions = {},
  { peers, outside, visibleAt, inward, outward, other } = listedSides(reach, options),
): Iterable<ConnectionGroup> {
  const everyone = [...peers.keys()];
  const senders = everyone.filter((at) => outward[at]);
  for (const [at, { class: own, peer: destination }] of peers.entries()) {
    const sources: ListedPeer[] = [];
    const ports: PortSet[] = [];
    if (!inward[at] && (!other[at] || senders.length === 0)) continue;
    const allowed = reach.portsFrom(own);
    const visible = visibleAt(destination);
    for (const from of inward[at] ? everyone : senders) {
      const { class: their, peer: source } = peers[from]!;
      if (!(inward[at] && other[from]) && !(outward[from] && other[at])) continue;
      if (from === at && isAlone(source)) continue;
      const shown = visible(allowed[their.index]!);
      if (shown === PortSet.none) continue;
      sources.push(source);
      ports.push(shown);
    }
    if (inward[at]) {
      for (const group of outside.by((index) => visible(allowed[index]!))) {
        sources.push(group.peer);
        ports.push(group.ports);
      }
    }
    if (sources.length > 0) yield { destination, sources, ports };
  }
  for (const [at, each] of peers.entries()) {
    if (outward[at]) yield* towardsOutside(reach, each, outside, visibleAt);
  }
}

function* towardsOutside(
  reach: Reachability,
  { class: own, peer }: Listed,
  outside: OutsideGroups,
  visibleAt: VisibleAt,
): Iterable<ConnectionGroup> {
  const visible = visibleAt(anywhere);
  for (const group of outside.by((index) => visible(reach.ports(own, reach.classes[index]!)))) {
    yield { destination: group.peer, sources: [peer], ports: [group.ports] };
  }
}

const anywhere: ListedOutside = { kind: "outside", cidrs: [] };

/** What is shown of what is allowed towards a destination; the empty set is always `PortSet.none`. */
type VisibleAt = (destination: ListedPeer) => (allowed: PortSet) => PortSet;

function visiblePorts({ denied = false, within }: ConnectionOptions): VisibleAt {
  if (typeof within !== "function") {
    const visible = shownOf(denied, within);
    return () => visible;
  }
  const byPorts = new Map<string, (allowed: PortSet) => PortSet>();
  return (destination) => {
    const own = within(destination);
    const visible = byPorts.get(own.key) ?? shownOf(denied, own);
    byPorts.set(own.key, visible);
    return visible;
  };
}

function shownOf(denied: boolean, within: PortSet | undefined): (allowed: PortSet) => PortSet {
  if (!denied && within === undefined) return (allowed) => allowed;
  const memo = new Map<PortSet, PortSet>();
  let [lastAllowed, lastShown]: [PortSet | undefined, PortSet] = [undefined, PortSet.none];
  return (allowed) => {
    if (allowed === lastAllowed) return lastShown;
    let shown = memo.get(allowed);
    if (shown === undefined) {
      const wanted = denied ? PortSet.all.subtract(allowed) : allowed;
      shown = within === undefined ? wanted : wanted.intersect(within);
      if (shown.isEmpty) shown = PortSet.none;
      memo.set(allowed, shown);
    }
    [lastAllowed, lastShown] = [allowed, shown];
    return shown;
  };
}
