import type { Cluster } from "../cluster/cluster.ts";
import { type Address, addressFromValue } from "../net/address.ts";
import type { AddressRange } from "../reach/outside.ts";
import type { PeerClass } from "../reach/peer-class.ts";
import type { Reachability } from "../reach/reachability.ts";
import type { PodPair } from "./match-pods.ts";

/** Peers that are alike in each of two states: the members that a class of the one and a class of the other share. */
export interface PairedClass {
  /** Place in the list of paired classes. */
  readonly index: number;
  readonly before: PeerClass;
  readonly after: PeerClass;
  /** Empty for addresses. */
  readonly pairs: readonly PodPair[];
  /** Of addresses. */
  readonly ranges: readonly AddressRange[];
}

export interface PairedClasses {
  readonly classes: readonly PairedClass[];
  readonly ofPair: ReadonlyMap<PodPair, PairedClass>;
}

/** Sorts pods that are in both states, and all addresses, by what both states think of them. */
export function pairClasses(
  before: Reachability,
  after: Reachability,
  common: readonly PodPair[],
): PairedClasses {
  const classes: PairedClass[] = [];
  const ofPair = new Map<PodPair, PairedClass>();
  const pods = new Map<number, PairedClass & { readonly pairs: PodPair[] }>();
  for (const pair of common) {
    const [was, is] = [before.classOf(pair.before)!, after.classOf(pair.after)!];
    const key = was.index * after.classes.length + is.index;
    let group = pods.get(key);
    if (group === undefined) {
      group = { index: classes.length, before: was, after: is, pairs: [], ranges: [] };
      pods.set(key, group);
      classes.push(group);
    }
    group.pairs.push(pair);
    ofPair.set(pair, group);
  }
  const outside = new Map<number, PairedClass & { readonly ranges: AddressRange[] }>();
  for (const { before: was, after: is, range } of commonRanges(before, after)) {
    const key = was.index * after.classes.length + is.index;
    let group = outside.get(key);
    if (group === undefined) {
      group = { index: classes.length, before: was, after: is, pairs: [], ranges: [] };
      outside.set(key, group);
      classes.push(group);
    }
    group.ranges.push(range);
  }
  return { classes, ofPair };
}

/** The address space cut wherever one of the states cuts it. */
function* commonRanges(before: Reachability, after: Reachability) {
  for (const family of [4, 6] as const) {
    const [old, present] = [rangesOf(before, family), rangesOf(after, family)];
    let [i, j] = [0, 0];
    while (i < old.length && j < present.length) {
      const [a, b] = [old[i]!, present[j]!];
      const first = a.range.first.value > b.range.first.value ? a.range.first : b.range.first;
      const last = a.range.last.value < b.range.last.value ? a.range.last : b.range.last;
      yield { before: a.class, after: b.class, range: { family, first, last } };
      if (a.range.last.value === last.value) i++;
      if (b.range.last.value === last.value) j++;
    }
  }
}

/** The ranges of all classes; each snapshot covers the whole space. */
function rangesOf(reach: Reachability, family: 4 | 6) {
  return reach.classes
    .flatMap((each) => each.ranges.map((range) => ({ range, class: each })))
    .filter(({ range }) => range.family === family)
    .sort((a, b) => (a.range.first.value < b.range.first.value ? -1 : 1));
}

/** An address of the ranges, if possible one that no pod and no node has in any of the clusters. */
export function strangerIn(ranges: readonly AddressRange[], clusters: readonly Cluster[]): Address {
  const isOwned = (address: Address) =>
    clusters.some((cluster) => cluster.podByAddress(address) ?? cluster.nodeByAddress(address));
  for (const { family, first, last } of ranges) {
    for (let value = first.value; value <= last.value; value++) {
      const address = addressFromValue(family, value);
      if (!isOwned(address)) return address;
    }
  }
  return ranges[0]!.first;
}
