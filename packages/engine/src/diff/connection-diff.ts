import type { Cluster } from "../cluster/cluster.ts";
import { podKey } from "../cluster/pod-entry.ts";
import type { Direction } from "../model/network-policy.ts";
import type { Pod } from "../model/objects.ts";
import type { PortSet } from "../net/port-set.ts";
import { headOf, type ListedPeer, type ListedPods } from "../reach/connections.ts";
import { type AddressRange, rangeCidrs } from "../reach/outside.ts";
import type { Cause } from "./cause.ts";
import { type ClassChange, ClassChanges } from "./class-changes.ts";
import { matchPods, type PodPair } from "./match-pods.ts";
import { type LonePeer, lonePeers } from "./lone-peers.ts";
import { type PairedClass, pairClasses } from "./paired-classes.ts";
import { Responsibility } from "./responsibility.ts";

/** What two states of a cluster allow differently, between workloads and with the outside. */
export interface ConnectionDiff {
  /** In the order of destinations, then of sources, the outside last. */
  readonly changes: readonly ConnectionChange[];
  /** Workloads or pods in one state only, with what they may reach there; they are in no change. */
  readonly added: readonly LonePeer[];
  readonly removed: readonly LonePeer[];
  /** How many workloads or pods are in both states. */
  readonly common: number;
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
  const explained = (source: PairedClass, destination: PairedClass, change: ClassChange): Change => ({
    ...change,
    openedBy: change.opened.isEmpty ? nobody : responsible.of(source, destination, change.opened, "opened"),
    closedBy: change.closed.isEmpty ? nobody : responsible.of(source, destination, change.closed, "closed"),
  });

  const changes: ConnectionChange[] = [];
  for (const destination of peers) {
    const row = compared.into(destination.class);
    for (const source of peers) {
      const change = row[source.class.index];
      if (change === undefined || !shown(source, destination) || isItself(source, destination)) continue;
      const told = explained(source.class, destination.class, change);
      changes.push({ source: source.peer, destination: destination.peer, ...told });
    }
    if (!shown(undefined, destination)) continue;
    const from = outside.flatMap((range) => {
      const change = row[range.index];
      return change === undefined ? [] : [{ range, change: explained(range, destination.class, change) }];
    });
    for (const { cidrs, change } of merged(from))
      changes.push({ source: { kind: "outside", cidrs }, destination: destination.peer, ...change });
  }
  for (const source of peers) {
    if (!shown(source, undefined)) continue;
    const to = outside.flatMap((range) => {
      const change = compared.between(source.class, range);
      return change === undefined ? [] : [{ range, change: explained(source.class, range, change) }];
    });
    for (const { cidrs, change } of merged(to))
      changes.push({ source: source.peer, destination: { kind: "outside", cidrs }, ...change });
  }
  return {
    changes,
    added: lonePeers(is, added.filter(focus), byPod),
    removed: lonePeers(was, removed.filter(focus), byPod),
    common: peers.length,
  };
}

type Change = Pick<ConnectionChange, "opened" | "closed" | "openedBy" | "closedBy">;

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

/** One pod alone: it always reaches itself, which is no news. A workload that may have several pods is not alone. */
function isItself(source: Listed, destination: Listed): boolean {
  if (source !== destination || source.pairs.length > 1) return false;
  const { workload } = source.pairs[0]!.after;
  return workload === undefined || workload.replicas === 1 || workload.replicas === 0;
}

/** Ranges outside that change alike for the same reasons are one. */
function merged(
  ranges: readonly { readonly range: PairedClass; readonly change: Change }[],
): readonly { readonly cidrs: ReturnType<typeof rangeCidrs>; readonly change: Change }[] {
  const groups: { readonly change: Change; readonly ranges: AddressRange[] }[] = [];
  for (const { range, change } of ranges) {
    const group = groups.find(
      (each) =>
        each.change.openedBy === change.openedBy &&
        each.change.closedBy === change.closedBy &&
        each.change.opened.equals(change.opened) &&
        each.change.closed.equals(change.closed),
    );
    if (group === undefined) groups.push({ change, ranges: [...range.ranges] });
    else group.ranges.push(...range.ranges);
  }
  return groups.map(({ change, ranges: all }) => ({ change, cidrs: rangeCidrs(all) }));
}
