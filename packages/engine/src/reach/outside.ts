import type { Cluster } from "../cluster/cluster.ts";
import { type Address, addressBits, addressFromValue } from "../net/address.ts";
import type { Cidr } from "../net/cidr.ts";
import { coverIntervals } from "../net/cidr-set.ts";

/** A range of addresses that no ipBlock of some policies cuts through, so that they treat all of it alike. */
export interface AddressRange {
  readonly family: 4 | 6;
  /** Inclusive at both ends. */
  readonly first: Address;
  readonly last: Address;
}

/**
 * The whole address space of both families, cut where an ipBlock or an exception of any of the clusters' policies
 * begins or ends. Sorted.
 */
export function addressRanges(clusters: readonly Cluster[]): readonly AddressRange[] {
  const cidrs = clusters.flatMap((cluster) => [...ipBlocks(cluster)]);
  return ([4, 6] as const).flatMap((family) => {
    const cuts = cutsOf(family, cidrs);
    return cuts.map((_, piece) => rangeAt(family, cuts, piece));
  });
}

/** The numbers at which a family's address space has to be cut so that no prefix cuts through a piece: ascending, from 0. */
export function cutsOf(family: 4 | 6, cidrs: readonly Cidr[]): readonly bigint[] {
  const end = 1n << BigInt(addressBits[family]);
  const cuts = new Set([0n]);
  for (const cidr of cidrs) {
    if (cidr.family !== family) continue;
    cuts.add(cidr.first);
    if (cidr.last + 1n < end) cuts.add(cidr.last + 1n);
  }
  return [...cuts].sort((a, b) => (a < b ? -1 : 1));
}

/** The piece that begins at a cut, up to the next one or to the end of the family. */
export function rangeAt(family: 4 | 6, cuts: readonly bigint[], piece: number): AddressRange {
  const end = cuts[piece + 1] ?? 1n << BigInt(addressBits[family]);
  return {
    family,
    first: addressFromValue(family, cuts[piece]!),
    last: addressFromValue(family, end - 1n),
  };
}

/** Ranges as the fewest prefixes, IPv4 first. */
export function rangeCidrs(ranges: readonly AddressRange[]): readonly Cidr[] {
  return ([4, 6] as const).flatMap((family) => {
    const mine = ranges.filter((range) => range.family === family);
    return coverIntervals(
      family,
      mine.map(({ first, last }) => ({ first: first.value, last: last.value })),
    );
  });
}

function* ipBlocks(cluster: Cluster): Iterable<Cidr> {
  for (const policy of cluster.policies()) {
    for (const rule of [...policy.ingress, ...policy.egress]) {
      for (const peer of rule.peers) {
        if (peer.kind !== "ipBlock") continue;
        yield peer.cidr;
        yield* peer.except;
      }
    }
  }
}
