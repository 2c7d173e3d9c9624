import type { Cluster } from "../cluster/cluster.ts";
import { type Address, addressFromValue } from "../net/address.ts";
import { type Cidr, cidrContains } from "../net/cidr.ts";
import { type AddressRange, addressRanges } from "../reach/outside.ts";

/**
 * The addresses of a prefix in pieces that policies treat alike: cut wherever an ipBlock begins or ends, and around each
 * address of a pod or a node, which is somebody. Sorted.
 */
export function cutCidr(cluster: Cluster, cidr: Cidr): readonly AddressRange[] {
  const { family } = cidr;
  const starts = new Set([cidr.first]);
  const cut = (value: bigint) => {
    if (cidr.first < value && value <= cidr.last) starts.add(value);
  };
  for (const { first } of addressRanges([cluster])) if (first.family === family) cut(first.value);
  for (const address of knownAddresses(cluster)) {
    if (!cidrContains(cidr, address)) continue;
    cut(address.value);
    cut(address.value + 1n);
  }
  const sorted = [...starts].sort((a, b) => (a < b ? -1 : 1));
  return sorted.map((start, index) => ({
    family,
    first: addressFromValue(family, start),
    last: addressFromValue(family, (sorted[index + 1] ?? cidr.last + 1n) - 1n),
  }));
}

function* knownAddresses(cluster: Cluster): Iterable<Address> {
  for (const { addresses } of cluster.pods()) yield* addresses;
  for (const { addresses } of cluster.nodes()) yield* addresses;
}
