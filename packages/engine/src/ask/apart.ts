import type { Cluster } from "../cluster/cluster.ts";
import type { Pod } from "../model/objects.ts";
import type { Address } from "../net/address.ts";
import type { PeerClass } from "../reach/peer-class.ts";
import type { Reachability } from "../reach/reachability.ts";
import { speaksForNode } from "./speaks-for-node.ts";
import { strangerIn } from "./stranger.ts";

/** Peers that are not judged as members of a class of pods. */
export interface Apart {
  /** Each class of addresses, with one that belongs to nobody. */
  readonly strangers: readonly { readonly class: PeerClass; readonly address: Address }[];
  /** Pods that speak for a node. */
  readonly singles: ReadonlySet<Pod>;
}

const apart = new WeakMap<Reachability, Apart>();

export function apartIn(cluster: Cluster, reach: Reachability): Apart {
  let known = apart.get(reach);
  if (known === undefined) {
    known = {
      strangers: reach.classes.flatMap((each) => {
        const address = each.pods.length === 0 ? strangerIn(cluster, each) : undefined;
        return address === undefined ? [] : [{ class: each, address }];
      }),
      singles: new Set(
        reach.classes.flatMap(({ pods }) => pods.filter((pod) => speaksForNode(cluster, pod))),
      ),
    };
    apart.set(reach, known);
  }
  return known;
}
