import type { Cluster } from "../cluster/cluster.ts";
import { podKey } from "../cluster/pod-entry.ts";
import type { Direction } from "../model/network-policy.ts";
import type { Pod } from "../model/objects.ts";
import type { PortSet } from "../net/port-set.ts";
import {
  headOf,
  isAlone,
  type ListedOutside,
  type ListedPeer,
  type ListedPods,
} from "../reach/listed-peer.ts";
import { type AddressRange, rangeCidrs } from "../reach/outside.ts";
import { ClassChanges } from "./class-changes.ts";
import { ConnectionChanges, type PortChange } from "./connection-changes.ts";
import { ExplainedChanges } from "./explained-changes.ts";
import { type LonePeer, lonePeers } from "./lone-peers.ts";
import { matchPods, type PodPair } from "./match-pods.ts";
import { type PairedClass, pairClasses } from "./paired-classes.ts";
import { Responsibility } from "./responsibility.ts";

/** What two states of a cluster allow differently, between workloads and with the outside. */
export interface ConnectionDiff {
  /** In the order of destinations, then of sources, the outside last. */
  readonly changes: ConnectionChanges;
  /** Workloads or pods in one state only, with what they may reach there; they are in no change. */
  readonly added: readonly LonePeer[];
  readonly removed: readonly LonePeer[];
  /** Those in both states, in their order; `several` when one of its pods may speak to another one. */
  readonly common: readonly { readonly peer: ListedPods; readonly several: boolean }[];
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
  /** Called before each destination is looked at, with its place and how many there are. */
  readonly onProgress?: (destination: number, of: number) => void;
}

/**
 * Compares every connection that is possible between peers of both states: what `connections` lists of one state and not
 * of the other. Pods are judged by classes, so that the work grows with what policies tell apart.
 */
export function connectionDiff(before: Cluster, after: Cluster, options: DiffOptions = {}): ConnectionDiff {
  const { focus = () => true, direction, within, byPod = false, onProgress } = options;
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
  const responsible = new Responsibility(before, after, was, is);
  const inFocus = new Map(peers.map((peer) => [peer, peer.peer.pods.some(focus)]));
  const shown = (source: Listed | undefined, destination: Listed | undefined) =>
    (direction !== "Egress" && destination !== undefined && inFocus.get(destination)!) ||
    (direction !== "Ingress" && source !== undefined && inFocus.get(source)!);
  const explained = new ExplainedChanges(compared, responsible);
  const changes = new ConnectionChanges();
  for (const [at, destination] of peers.entries()) {
    onProgress?.(at + 1, peers.length);
    const sources: ListedPeer[] = [];
    const told: PortChange[] = [];
    for (const source of peers) {
      if (!shown(source, destination) || (source === destination && isSingle(source))) continue;
      const change = explained.into(destination.class, source.class);
      if (change === undefined) continue;
      sources.push(source.peer);
      told.push(change);
    }
    if (shown(undefined, destination)) {
      for (const group of joined(outside, (range) => explained.into(destination.class, range))) {
        sources.push(group.peer);
        told.push(group.change);
      }
    }
    changes.add(destination.peer, sources, told);
  }
  for (const source of peers) {
    if (!shown(source, undefined)) continue;
    for (const { peer, change } of joined(outside, (range) => explained.outwards(source.class, range)))
      changes.add(peer, [source.peer], [change]);
  }
  return {
    changes,
    added: lonePeers(is, added.filter(focus), byPod),
    removed: lonePeers(was, removed.filter(focus), byPod),
    common: peers.map((each) => ({ peer: each.peer, several: !isSingle(each) })),
  };
}

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
function joined(
  outside: readonly PairedClass[],
  changeOf: (range: PairedClass) => PortChange | undefined,
): readonly { readonly peer: ListedOutside; readonly change: PortChange }[] {
  const groups = new Map<PortChange, AddressRange[]>();
  for (const each of outside) {
    const change = changeOf(each);
    if (change === undefined) continue;
    const ranges = groups.get(change);
    if (ranges === undefined) groups.set(change, [...each.ranges]);
    else ranges.push(...each.ranges);
  }
  return [...groups].map(([change, ranges]) => ({
    peer: { kind: "outside", cidrs: rangeCidrs(ranges) },
    change,
  }));
}
