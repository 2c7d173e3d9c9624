import type { Cluster } from "../cluster/cluster.ts";
import { podKey } from "../cluster/pod-entry.ts";
import type { Direction } from "../model/network-policy.ts";
import type { Pod } from "../model/objects.ts";
import type { Cidr } from "../net/cidr.ts";
import type { PortSet } from "../net/port-set.ts";
import { headOf, isAlone, type ListedPeer, type ListedPods } from "../reach/listed-peer.ts";
import { type AddressRange, rangeCidrs } from "../reach/outside.ts";
import type { Cause } from "./cause.ts";
import { type ClassChange, ClassChanges } from "./class-changes.ts";
import { type LonePeer, lonePeers } from "./lone-peers.ts";
import { matchPods, type PodPair } from "./match-pods.ts";
import { type PairedClass, pairClasses } from "./paired-classes.ts";
import { Responsibility } from "./responsibility.ts";

/** What two states of a cluster allow differently, between workloads and with the outside. */
export interface ConnectionDiff {
  /** In the order of destinations, then of sources, the outside last. */
  readonly changes: readonly ConnectionChange[];
  /** Workloads or pods in one state only, with what they may reach there; they are in no change. */
  readonly added: readonly LonePeer[];
  readonly removed: readonly LonePeer[];
  /** Those in both states, in their order; `several` when one of its pods may speak to another one. */
  readonly common: readonly { readonly peer: ListedPods; readonly several: boolean }[];
}

export interface ConnectionChange {
  /** Pods as they are in the second state. */
  readonly source: ListedPeer;
  readonly destination: ListedPeer;
  readonly opened: PortSet;
  readonly closed: PortSet;
  /** Who is responsible; equal lists are one object. */
  readonly openedBy: readonly Cause[];
  readonly closedBy: readonly Cause[];
}

export interface DiffOptions {
  /** Every pod for itself; else pods of a workload are one peer (default). */
  readonly byPod?: boolean;
  /** Only changes from or to pods that this is true of, and only such new and gone pods. */
  readonly focus?: (pod: Pod) => boolean;
  /** With `focus`: only changes to it (Ingress) or from it (Egress). */
  readonly direction?: Direction;
  /** Only these ports. */
  readonly within?: PortSet;
}

/**
 * Compares every connection that is possible between peers of both states: what `connections` lists of one state and not
 * of the other. Pods are judged by classes, so that the work grows with what policies tell apart.
 */
export function connectionDiff(before: Cluster, after: Cluster, options: DiffOptions = {}): ConnectionDiff {
  const { focus = () => true, direction, within, byPod = false } = options;
  const [was, is] = [before.reachability(), after.reachability()];
  const { common, added, removed } = matchPods(
    before.pods().filter((pod) => was.classOf(pod) !== undefined),
    after.pods().filter((pod) => is.classOf(pod) !== undefined),
    byPod,
  );
  const { classes, ofPair } = pairClasses(was, is, common);
  const peers = listedPairs(common, ofPair, byPod);
  const outside = classes.filter(({ pairs }) => pairs.length === 0);
  const compared = new ClassChanges(was, is, classes, within);
  const responsible = new Responsibility(before, after);
  const inFocus = new Map(peers.map((peer) => [peer, peer.peer.pods.some(focus)]));
  const shown = (source: Listed | undefined, destination: Listed | undefined) =>
    (direction !== "Egress" && destination !== undefined && inFocus.get(destination)!) ||
    (direction !== "Ingress" && source !== undefined && inFocus.get(source)!);
  const explained = ({ source, destination, change: { opened, closed } }: Found): ConnectionChange => ({
    source: source.peer,
    destination: destination.peer,
    opened,
    closed,
    openedBy: opened.isEmpty ? nobody : responsible.of(source.class, destination.class, opened, "opened"),
    closedBy: closed.isEmpty ? nobody : responsible.of(source.class, destination.class, closed, "closed"),
  });
  const outsidePeers = outside.map((each) => ({
    peer: { kind: "outside" as const, cidrs: [] },
    class: each,
  }));

  const changes: ConnectionChange[] = [];
  for (const destination of peers) {
    const row = compared.into(destination.class);
    for (const source of peers) {
      const change = row[source.class.index];
      if (change === undefined || !shown(source, destination) || (source === destination && isSingle(source)))
        continue;
      changes.push(explained({ source, destination, change }));
    }
    if (!shown(undefined, destination)) continue;
    const from = outsidePeers.flatMap((source) => {
      const change = row[source.class.index];
      return change === undefined ? [] : [{ at: source, told: explained({ source, destination, change }) }];
    });
    for (const { cidrs, told } of merged(from)) changes.push({ ...told, source: { kind: "outside", cidrs } });
  }
  for (const source of peers) {
    if (!shown(source, undefined)) continue;
    const to = outsidePeers.flatMap((destination) => {
      const change = compared.between(source.class, destination.class);
      return change === undefined
        ? []
        : [{ at: destination, told: explained({ source, destination, change }) }];
    });
    for (const { cidrs, told } of merged(to))
      changes.push({ ...told, destination: { kind: "outside", cidrs } });
  }
  return {
    changes,
    added: lonePeers(is, added.filter(focus), byPod),
    removed: lonePeers(was, removed.filter(focus), byPod),
    common: peers.map((each) => ({ peer: each.peer, several: !isSingle(each) })),
  };
}

interface Found {
  readonly source: End;
  readonly destination: End;
  readonly change: ClassChange;
}

/** A peer, or addresses outside, with the class. */
interface End {
  readonly peer: ListedPeer;
  readonly class: PairedClass;
}

const nobody: readonly Cause[] = [];

/** A peer as it is listed, with the class that its pods belong to. */
interface Listed {
  readonly peer: ListedPods;
  readonly pairs: readonly PodPair[];
  readonly class: PairedClass;
}

/** Workloads, those of which not all pods are alike in parts; by namespace, workload and name. */
function listedPairs(
  common: readonly PodPair[],
  ofPair: ReadonlyMap<PodPair, PairedClass>,
  byPod: boolean,
): readonly Listed[] {
  const workloads = new Map<string, Map<PairedClass, PodPair[]>>();
  for (const pair of common) {
    const head = headOf(pair.after, byPod);
    const key = `${head.namespace} ${head.workload} ${head.name}`;
    const parts = workloads.get(key) ?? new Map<PairedClass, PodPair[]>();
    workloads.set(key, parts);
    const own = ofPair.get(pair)!;
    const part = parts.get(own);
    if (part === undefined) parts.set(own, [pair]);
    else part.push(pair);
  }
  return [...workloads.keys()].sort().flatMap((key) => {
    const parts = workloads.get(key)!;
    return [...parts].map(([own, pairs]) => {
      const pods = [...new Set(pairs.map(({ after }) => after))];
      const peer: ListedPods = {
        kind: "pods",
        ...headOf(pods[0]!, byPod),
        pods: pods.sort((a, b) => (podKey(a) < podKey(b) ? -1 : 1)),
        whole: parts.size === 1,
      };
      return { peer, pairs, class: own };
    });
  });
}

/** As in a list, but a workload of a manifest may be several pods that run. */
const isSingle = ({ peer, pairs }: Listed): boolean => pairs.length === 1 && isAlone(peer);

/** Ranges outside that change alike for the same reasons are one. */
function merged(
  ends: readonly { readonly at: End; readonly told: ConnectionChange }[],
): readonly { readonly cidrs: readonly Cidr[]; readonly told: ConnectionChange }[] {
  const groups: { readonly told: ConnectionChange; readonly ranges: AddressRange[] }[] = [];
  for (const { at, told } of ends) {
    const group = groups.find(
      (each) =>
        each.told.opened === told.opened &&
        each.told.closed === told.closed &&
        each.told.openedBy === told.openedBy &&
        each.told.closedBy === told.closedBy,
    );
    if (group === undefined) groups.push({ told, ranges: [...at.class.ranges] });
    else group.ranges.push(...at.class.ranges);
  }
  return groups.map(({ told, ranges }) => ({ told, cidrs: rangeCidrs(ranges) }));
}
