/**
 * Who may reach whom, as a matrix that the views draw: plain data that can be sent between threads. Peers are workloads
 * (or those of their pods that policies treat alike), sorted, then what is outside the cluster.
 */
export interface Picture {
  readonly peers: readonly PicturePeer[];
  /** Texts of the sets of ports that occur; `portSets[0]` is the empty set. */
  readonly portSets: readonly string[];
  /** Place of "every port of every protocol" in `portSets`. */
  readonly everything: number;
  /** Row by row (source), one place in `portSets` for each destination; `itself` where there is nothing to say. */
  readonly cells: Uint32Array<ArrayBuffer>;
}

export interface PicturePeer {
  /** The same for the same peer before and after an edit. */
  readonly id: string;
  readonly kind: "workload" | "outside";
  /** "" for what is outside. */
  readonly namespace: string;
  /** `Deployment`, `Pod`, …; "" for what is outside. */
  readonly workload: string;
  readonly name: string;
  /** Equal for peers that every policy treats alike; -1 for what is outside. */
  readonly classId: number;
  /** How many pods, as far as manifests say; a DaemonSet of a manifest counts as one. 0 for what is outside. */
  readonly pods: number;
  /** The pod that stands for the peer, `namespace/name` or `namespace/Deployment/name`; "" for what is outside. */
  readonly example: string;
  /** Pods that run, `namespace/name`; none for a workload of a manifest. */
  readonly podNames: readonly string[];
  /** Prefixes of addresses outside, the whole outside being `0.0.0.0/0` and `::/0`. */
  readonly cidrs: readonly string[];
  /** The policies that isolate it, `namespace/name`, by direction. */
  readonly isolatedBy: { readonly ingress: readonly string[]; readonly egress: readonly string[] };
}

/** A cell of one pod to itself, or of outside to outside: policies have no say. */
export const itself = 0xffff_ffff;

/** Where a cell lies in `cells`. */
export function cellAt({ peers, cells }: Picture, source: number, destination: number): number {
  return cells[source * peers.length + destination]!;
}

/** One end of a question: a pod by `namespace/name`, or an address. */
export type PeerRef = { readonly pod: string } | { readonly address: string };

export function peerRef({ kind, example, cidrs }: PicturePeer): PeerRef {
  return kind === "workload" ? { pod: example } : { address: cidrs[0]!.replace(/\/.*$/, "") };
}
