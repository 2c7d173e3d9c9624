import { podKey } from "../cluster/pod-entry.ts";
import type { Pod } from "../model/objects.ts";
import type { Cidr } from "../net/cidr.ts";
import { PortSet } from "../net/port-set.ts";
import { type AddressRange, rangeCidrs } from "./outside.ts";
import type { PeerClass } from "./peer-class.ts";
import type { Reachability } from "./reachability.ts";

/** One side of a connection, as a list shows it. */
export type ListedPeer = ListedPods | ListedOutside;

/** A workload, or those of its pods that policies treat alike when they do not treat all of them so; or a single pod. */
export interface ListedPods {
  readonly kind: "pods";
  readonly namespace: string;
  /** `Deployment`, …; `Pod` for a pod that nothing made, and for every pod when pods are listed one by one. */
  readonly workload: string;
  readonly name: string;
  /** Sorted. A pod that stands for a workload of a manifest is one here. */
  readonly pods: readonly Pod[];
  /** Whether these are all pods of the workload; otherwise `pods` says which. */
  readonly whole: boolean;
}

/** Addresses outside the cluster. Sorted prefixes; both families whole are the whole outside. */
export interface ListedOutside {
  readonly kind: "outside";
  readonly cidrs: readonly Cidr[];
}

/** What one peer may reach of another. */
export interface Connection {
  readonly source: ListedPeer;
  readonly destination: ListedPeer;
  readonly ports: PortSet;
}

export interface ConnectionOptions {
  /** Every pod for itself; else pods of a workload are one peer (default). */
  readonly byPod?: boolean;
  /** Only connections from or to pods that this is true of. */
  readonly focus?: (pod: Pod) => boolean;
  /** With `focus`: only those to it (Ingress) or from it (Egress). */
  readonly direction?: "Ingress" | "Egress";
  /** What is not allowed in place of what is. */
  readonly denied?: boolean;
  /** Leave out what does not concern these ports, and show no others. */
  readonly within?: PortSet;
}

/**
 * Every connection that is allowed (or denied) between two peers of the cluster, and between each of them and the outside:
 * in the order of destinations, then of sources. A single pod to itself is not listed; between the pods of a workload is.
 */
export function* connections(reach: Reachability, options: ConnectionOptions = {}): Iterable<Connection> {
  const { focus = () => true, direction, denied = false, within } = options;
  const peers = listedPeers(reach, options.byPod === true);
  const outside = reach.classes.filter(({ pods }) => pods.length === 0);
  const inFocus = new Map(peers.map((peer) => [peer, peer.pods.some(focus)]));
  const shown = (source: Listed | undefined, destination: Listed | undefined) =>
    (direction !== "Egress" && destination !== undefined && inFocus.get(destination)!) ||
    (direction !== "Ingress" && source !== undefined && inFocus.get(source)!);
  const visible = (ports: PortSet) => {
    const wanted = denied ? PortSet.all.subtract(ports) : ports;
    return within === undefined ? wanted : wanted.intersect(within);
  };
  for (const destination of peers) {
    const allowed = new Map(reach.sources(destination.class));
    for (const source of peers) {
      if (!shown(source, destination) || isItself(source, destination)) continue;
      const ports = visible(allowed.get(source.class) ?? PortSet.none);
      if (!ports.isEmpty) yield { source: source.peer, destination: destination.peer, ports };
    }
    if (!shown(undefined, destination)) continue;
    for (const { cidrs, ports } of merged(outside, (each) => visible(allowed.get(each) ?? PortSet.none)))
      yield { source: { kind: "outside", cidrs }, destination: destination.peer, ports };
  }
  for (const source of peers) {
    if (!shown(source, undefined)) continue;
    for (const { cidrs, ports } of merged(outside, (each) => visible(reach.ports(source.class, each))))
      yield { source: source.peer, destination: { kind: "outside", cidrs }, ports };
  }
}

/** A peer with the class that it belongs to. */
interface Listed {
  readonly peer: ListedPods;
  readonly pods: readonly Pod[];
  readonly class: PeerClass;
}

/** The pods of the cluster as they are listed, by namespace, workload and name. */
function listedPeers(reach: Reachability, byPod: boolean): readonly Listed[] {
  const workloads = new Map<string, { readonly head: ListedHead; readonly parts: Map<PeerClass, Pod[]> }>();
  for (const each of reach.classes) {
    for (const pod of each.pods) {
      const head = headOf(pod, byPod);
      const key = `${head.namespace} ${head.workload} ${head.name}`;
      const workload = workloads.get(key) ?? { head, parts: new Map<PeerClass, Pod[]>() };
      workloads.set(key, workload);
      const part = workload.parts.get(each);
      if (part === undefined) workload.parts.set(each, [pod]);
      else part.push(pod);
    }
  }
  return [...workloads.keys()].sort().flatMap((key) => {
    const { head, parts } = workloads.get(key)!;
    return [...parts]
      .map(([each, pods]) => ({ each, pods: pods.sort((a, b) => (podKey(a) < podKey(b) ? -1 : 1)) }))
      .sort((a, b) => (podKey(a.pods[0]!) < podKey(b.pods[0]!) ? -1 : 1))
      .map(({ each, pods }) => ({
        peer: { kind: "pods" as const, ...head, pods, whole: parts.size === 1 },
        pods,
        class: each,
      }));
  });
}

export type ListedHead = Pick<ListedPods, "namespace" | "workload" | "name">;

export function headOf({ namespace, name, workload, owner }: Pod, byPod: boolean): ListedHead {
  if (workload !== undefined) return { namespace, workload: workload.kind, name: workload.name };
  if (owner === undefined || byPod) return { namespace, workload: "Pod", name };
  return { namespace, workload: owner.kind, name: owner.name };
}

/** One pod alone: it always reaches itself, which is no news. A workload that may have several pods is not alone. */
function isItself(source: Listed, destination: Listed): boolean {
  if (source !== destination || source.pods.length > 1) return false;
  const { workload } = source.pods[0]!;
  return workload === undefined || workload.replicas === 1 || workload.replicas === 0;
}

/** Ranges outside that have the same ports are one. */
function merged(
  outside: readonly PeerClass[],
  portsOf: (each: PeerClass) => PortSet,
): readonly { readonly cidrs: readonly Cidr[]; readonly ports: PortSet }[] {
  const groups = new Map<string, { readonly ports: PortSet; readonly ranges: AddressRange[] }>();
  for (const each of outside) {
    const ports = portsOf(each);
    if (ports.isEmpty) continue;
    const group = groups.get(ports.key);
    if (group === undefined) groups.set(ports.key, { ports, ranges: [...each.ranges] });
    else group.ranges.push(...each.ranges);
  }
  return [...groups.keys()].sort().map((key) => {
    const { ports, ranges } = groups.get(key)!;
    return { ports, cidrs: rangeCidrs(ranges) };
  });
}
