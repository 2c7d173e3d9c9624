import type { ListedPeer } from "../reach/listed-peer.ts";

/** A peer for programs. */
export type ListedPeerJson =
  | {
      readonly namespace: string;
      /** `Deployment`, …; `Pod` for a pod by itself. */
      readonly kind: string;
      readonly name: string;
      /** Names; of a workload in a manifest, which stands for its pods, its own. */
      readonly pods: readonly string[];
      /** Whether these are all pods of the workload. */
      readonly whole: boolean;
    }
  | { readonly kind: "outside"; readonly cidrs: readonly string[] };

export function listedPeerJson(peer: ListedPeer): ListedPeerJson {
  if (peer.kind === "outside") return { kind: "outside", cidrs: peer.cidrs.map(({ text }) => text) };
  const { namespace, workload, name, pods, whole } = peer;
  return { namespace, kind: workload, name, pods: pods.map((pod) => pod.name), whole };
}
