import { PodLister } from "../ask/pod-lister.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { isFinished, type PodEntry, podKey, policiesOf } from "../cluster/pod-entry.ts";
import type { PolicyEntry } from "../cluster/policy-entry.ts";
import { portCover } from "../cover/port-cover.ts";
import { groupBy } from "../group-by.ts";
import type { Direction, NetworkPolicy } from "../model/network-policy.ts";
import type { Pod } from "../model/objects.ts";
import type { ListedPods } from "../reach/listed-peer.ts";
import { type Opening, openingsOf } from "./opening.ts";

/** What a workload is open to in one direction, whoever comes. */
export interface ExposedSide {
  /** Pods that the same policies select, and whose port names mean the same as far as these use them. */
  readonly peer: ListedPods;
  readonly direction: Direction;
  readonly isolation: "isolated" | "not-isolated" | "host-network";
  /** The policies that isolate it, by name. */
  readonly isolatedBy: readonly NetworkPolicy[];
  /** Empty when nothing may pass; anyone at any port when it is not isolated. */
  readonly openings: readonly Opening[];
}

/** Of listed workloads, or parts of them; those on their node's network, which no policy isolates, are counted apart. */
export interface ExposureCounts {
  readonly workloads: number;
  readonly noIngressIsolation: number;
  readonly noEgressIsolation: number;
  /** Anyone, or some addresses by a rule, may enter. */
  readonly reachableFromOutside: number;
  readonly hostNetwork: number;
}

export interface Exposure {
  /** Ingress first; in each direction those that are not isolated first, then by name. */
  readonly sides: readonly ExposedSide[];
  readonly counts: ExposureCounts;
}

/**
 * What could reach each workload, and what it could reach, that is not there yet: the openings in the policies that select
 * it, told by their selectors. Whether the other side's own policies let it is not asked, for nobody knows them.
 */
export function exposure(cluster: Cluster, isShown: (pod: Pod) => boolean = () => true): Exposure {
  const parts = partsOf(cluster).filter(({ peer }) => peer.pods.some(isShown));
  const sides = (["Ingress", "Egress"] as const).flatMap((direction) => {
    const all = parts.map(({ peer, entry, openings }) => sideOf(peer, entry, direction, openings));
    return [...all].sort((a, b) => rank[a.isolation] - rank[b.isolation]);
  });
  return { sides, counts: countsOf(sides, parts.length) };
}

const rank = { "not-isolated": 0, "host-network": 1, isolated: 2 } as const;

/** What a pod is open to in one direction. */
export function openingsFor(cluster: Cluster, pod: Pod, direction: Direction): readonly Opening[] {
  const entry = cluster.indexes().entryFor(pod);
  if (pod.hostNetwork) return unrestricted;
  const policies = policiesOf(entry)[direction];
  return policies.length === 0 ? unrestricted : openingsOf(direction, policies, pod);
}

const unrestricted: readonly Opening[] = [
  { who: { kind: "anyone" }, ports: portCover([]), rules: [], covers: [] },
];

interface Part {
  readonly peer: ListedPods;
  readonly entry: PodEntry;
  readonly openings: OpeningsMemo;
}

type OpeningsMemo = (direction: Direction, policies: readonly PolicyEntry[], pod: Pod) => readonly Opening[];

/** Workloads, where policies or port names tell their pods apart in parts; by namespace, workload and name. */
function partsOf(cluster: Cluster): readonly Part[] {
  const { pods } = cluster.indexes();
  const lister = new PodLister(cluster, false);
  const openings = remembered();
  const groups = groupBy(
    [...pods.values()].filter(({ pod }) => !isFinished(pod)),
    traits,
  );
  const parts = [...groups.values()].flatMap((entries) => {
    const byPod = new Map(entries.map((entry) => [entry.pod, entry]));
    return lister.list(byPod.keys()).map((peer) => ({ peer, entry: byPod.get(peer.pods[0]!)!, openings }));
  });
  return parts
    .map((part) => ({ part, key: sortKey(part) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ part }) => part);
}

const sortKey = ({ peer: { namespace, workload, name, pods } }: Part): string =>
  `${namespace} ${workload} ${name} ${podKey(pods[0]!)}`;

/** Equal for pods that are open to the same. */
function traits(entry: PodEntry): string {
  if (entry.pod.hostNetwork) return "host";
  const { Ingress, Egress } = policiesOf(entry);
  const names = (policies: readonly PolicyEntry[]) => policies.map(({ key }) => key).join();
  return `${names(Ingress)} ${names(Egress)} ${portNames(Ingress, entry.pod)}`;
}

/** What the pod says of its port names, when one of the policies uses any. */
function portNames(policies: readonly PolicyEntry[], pod: Pod): string {
  const used = policies.some(({ rules }) =>
    rules.Ingress.some(({ rule }) => rule.ports.some(({ port }) => typeof port === "string")),
  );
  if (!used) return "";
  return pod.ports
    .flatMap(({ name, port, protocol }) => (name === undefined ? [] : `${name} ${protocol} ${port}`))
    .sort()
    .join();
}

function remembered(): OpeningsMemo {
  const known = new Map<string, readonly Opening[]>();
  return (direction, policies, pod) => {
    const names = direction === "Ingress" ? portNames(policies, pod) : "";
    const key = `${direction} ${policies.map((policy) => policy.key).join()} ${names}`;
    let openings = known.get(key);
    if (openings === undefined) {
      openings = openingsOf(direction, policies, pod);
      known.set(key, openings);
    }
    return openings;
  };
}

function sideOf(
  peer: ListedPods,
  entry: PodEntry,
  direction: Direction,
  openings: OpeningsMemo,
): ExposedSide {
  if (entry.pod.hostNetwork) {
    return { peer, direction, isolation: "host-network", isolatedBy: [], openings: unrestricted };
  }
  const policies = policiesOf(entry)[direction];
  if (policies.length === 0) {
    return { peer, direction, isolation: "not-isolated", isolatedBy: [], openings: unrestricted };
  }
  return {
    peer,
    direction,
    isolation: "isolated",
    isolatedBy: policies.map(({ policy }) => policy),
    openings: openings(direction, policies, entry.pod),
  };
}

function countsOf(sides: readonly ExposedSide[], workloads: number): ExposureCounts {
  const count = (test: (side: ExposedSide) => boolean) => sides.filter(test).length;
  return {
    workloads,
    noIngressIsolation: count(
      ({ direction, isolation }) => direction === "Ingress" && isolation === "not-isolated",
    ),
    noEgressIsolation: count(
      ({ direction, isolation }) => direction === "Egress" && isolation === "not-isolated",
    ),
    reachableFromOutside: count(
      ({ direction, isolation, openings }) =>
        direction === "Ingress" &&
        isolation !== "host-network" &&
        openings.some(({ who }) => who.kind !== "pods"),
    ),
    hostNetwork: count(({ direction, isolation }) => direction === "Ingress" && isolation === "host-network"),
  };
}
