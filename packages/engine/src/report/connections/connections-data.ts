import type { PortSet } from "../../net/port-set.ts";
import type { ConnectionList } from "../../reach/connection-list.ts";
import type { ListedPeer } from "../../reach/listed-peer.ts";

/** A set of ports for programs. */
export interface PortSetJson {
  /** Ports 1..65535, inclusive at both ends; sorted, disjoint. */
  readonly ranges: readonly { readonly protocol: string; readonly from: number; readonly to: number }[];
  /** Whether ICMP is in it. */
  readonly icmp: boolean;
}

/** A peer for programs. */
export type ConnectionPeerJson =
  | {
      readonly namespace: string;
      readonly kind: string;
      readonly name: string;
      /** Names; of a workload in a manifest, which stands for its pods, its own. */
      readonly pods: readonly string[];
      /** Whether these are all pods of the workload. */
      readonly whole: boolean;
      /** The policies that isolate it, `namespace/name`. */
      readonly isolatedBy: { readonly ingress: readonly string[]; readonly egress: readonly string[] };
    }
  | { readonly kind: "outside"; readonly cidrs: readonly string[] };

export function portSetJson({ ranges, portless }: PortSet): PortSetJson {
  return { ranges: ranges.map(({ protocol, from, to }) => ({ protocol, from, to })), icmp: portless };
}

export function peerJson(peer: ListedPeer, list: ConnectionList): ConnectionPeerJson {
  if (peer.kind === "outside") return { kind: "outside", cidrs: peer.cidrs.map(({ text }) => text) };
  const { namespace, workload, name, pods, whole } = peer;
  const policies = (direction: "Ingress" | "Egress") =>
    list.isolating(peer, direction).map((policy) => `${policy.namespace}/${policy.name}`);
  return {
    namespace,
    kind: workload,
    name,
    pods: pods.map((pod) => pod.name),
    whole,
    isolatedBy: { ingress: policies("Ingress"), egress: policies("Egress") },
  };
}
