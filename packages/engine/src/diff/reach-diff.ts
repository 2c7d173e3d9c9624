import type { Cluster } from "../cluster/cluster.ts";
import { podKey } from "../cluster/pod-entry.ts";
import type { Pod } from "../model/objects.ts";
import { type Address, addressFromValue } from "../net/address.ts";
import type { Cidr } from "../net/cidr.ts";
import type { PortSet } from "../net/port-set.ts";
import { type AddressRange, addressRanges, rangeCidrs } from "../reach/outside.ts";
import type { Endpoint } from "../verdict/verdict.ts";

/** What two states of a cluster allow differently. */
export interface ReachDiff {
  /** Of pods and workloads that are in both states, and of the addresses outside. Sorted by source, then destination. */
  readonly changes: readonly ReachChange[];
  /** The pods and workloads that are in both states, by key, as they are in the second. */
  readonly common: readonly Pod[];
  /** Pods that are in one state only, by key: who may reach them is not compared. */
  readonly added: readonly Pod[];
  readonly removed: readonly Pod[];
}

export interface ReachChange {
  readonly source: ReachPeer;
  readonly destination: ReachPeer;
  readonly opened: PortSet;
  readonly closed: PortSet;
}

/** A pod or workload, or addresses that are no known pod's. */
export type ReachPeer =
  | { readonly kind: "pod"; readonly pod: Pod }
  | { readonly kind: "outside"; readonly cidrs: readonly Cidr[] };

/** Compares every pair of pods, and every pod with the outside in both directions, at all ports. */
export function reachDiff(before: Cluster, after: Cluster): ReachDiff {
  const old = new Map(before.pods().map((pod) => [podKey(pod), pod]));
  const present = new Map(after.pods().map((pod) => [podKey(pod), pod]));
  const common = [...present.keys()].filter((key) => old.has(key));
  const ranges = outsideOf([before, after]);
  const changes: ReachChange[] = [];
  const compare = (source: Side, destination: Side): Change => {
    const was = before.allowedPorts(source.before, destination.before);
    const is = after.allowedPorts(source.after, destination.after);
    return { opened: is.subtract(was), closed: was.subtract(is) };
  };
  const sides = common.map((key) => ({ before: { pod: old.get(key)! }, after: { pod: present.get(key)! } }));
  const peerOf = (side: Side): ReachPeer => ({ kind: "pod", pod: side.after.pod! });
  for (const side of sides) {
    const outside = outsideChanges(ranges, (range) => compare(addressSide(range), side));
    for (const { cidrs, change } of outside)
      changes.push({ source: { kind: "outside", cidrs }, destination: peerOf(side), ...change });
  }
  for (const source of sides) {
    for (const destination of sides) {
      const change = compare(source, destination);
      if (isChange(change))
        changes.push({ source: peerOf(source), destination: peerOf(destination), ...change });
    }
    const outside = outsideChanges(ranges, (range) => compare(source, addressSide(range)));
    for (const { cidrs, change } of outside)
      changes.push({ source: peerOf(source), destination: { kind: "outside", cidrs }, ...change });
  }
  return {
    changes,
    common: common.map((key) => present.get(key)!),
    added: [...present].filter(([key]) => !old.has(key)).map(([, pod]) => pod),
    removed: [...old].filter(([key]) => !present.has(key)).map(([, pod]) => pod),
  };
}

/** The same peer in both states. */
interface Side {
  readonly before: Endpoint;
  readonly after: Endpoint;
}

type Change = Pick<ReachChange, "opened" | "closed">;

/** A range, and an address in it that is neither a pod's nor a node's in either state. */
interface OutsideRange {
  readonly range: AddressRange;
  readonly address: Address;
}

function outsideOf(clusters: readonly Cluster[]): readonly OutsideRange[] {
  const isOwned = (address: Address) =>
    clusters.some((cluster) => cluster.podByAddress(address) ?? cluster.nodeByAddress(address));
  return addressRanges(clusters).flatMap((range) => {
    let address = range.first;
    while (isOwned(address)) {
      if (address.value === range.last.value) return [];
      address = addressFromValue(range.family, address.value + 1n);
    }
    return [{ range, address }];
  });
}

const addressSide = ({ address }: OutsideRange): Side => ({ before: { address }, after: { address } });

/** Ranges that change alike are one change. */
function outsideChanges(
  ranges: readonly OutsideRange[],
  compare: (range: OutsideRange) => Change,
): readonly { readonly cidrs: readonly Cidr[]; readonly change: Change }[] {
  const groups = new Map<string, { readonly change: Change; readonly ranges: AddressRange[] }>();
  for (const each of ranges) {
    const change = compare(each);
    if (!isChange(change)) continue;
    const key = `${change.opened.key} ${change.closed.key}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { change, ranges: [each.range] });
    else group.ranges.push(each.range);
  }
  return [...groups.values()].map((group) => ({ cidrs: rangeCidrs(group.ranges), change: group.change }));
}

const isChange = ({ opened, closed }: Change): boolean => !opened.isEmpty || !closed.isEmpty;
