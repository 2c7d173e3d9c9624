import type { Cluster } from "../cluster/cluster.ts";
import { type Address, addressFromValue } from "../net/address.ts";
import type { PeerClass } from "../reach/peer-class.ts";

/** An address of the class that belongs to no pod and no node; undefined when all of them do. */
export function strangerIn(cluster: Cluster, { ranges }: PeerClass): Address | undefined {
  for (const { family, first, last } of ranges) {
    for (let value = first.value; value <= last.value; value++) {
      const address = addressFromValue(family, value);
      if (cluster.podByAddress(address) === undefined && cluster.nodeByAddress(address) === undefined)
        return address;
    }
  }
  return undefined;
}
