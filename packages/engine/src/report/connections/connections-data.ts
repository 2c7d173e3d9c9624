import type { PortSet } from "../../net/port-set.ts";
import type { ConnectionList } from "../../reach/connection-list.ts";
import type { ListedPeer } from "../../reach/listed-peer.ts";
import { type ListedPeerJson, listedPeerJson } from "../listed-peer-json.ts";

/** A set of ports for programs. */
export interface PortSetJson {
  /** Ports 1..65535, inclusive at both ends; sorted, disjoint. */
  readonly ranges: readonly { readonly protocol: string; readonly from: number; readonly to: number }[];
  /** Whether ICMP is in it. */
  readonly icmp: boolean;
}

/** A peer of a list for programs. */
export type ConnectionPeerJson = ListedPeerJson & {
  /** Of workloads and pods: the policies that isolate it, `namespace/name`. */
  readonly isolatedBy?: { readonly ingress: readonly string[]; readonly egress: readonly string[] };
};

export function portSetJson({ ranges, portless }: PortSet): PortSetJson {
  return { ranges: ranges.map(({ protocol, from, to }) => ({ protocol, from, to })), icmp: portless };
}

export function peerJson(peer: ListedPeer, list: ConnectionList): ConnectionPeerJson {
  const json = listedPeerJson(peer);
  if (peer.kind === "outside") return json;
  const policies = (direction: "Ingress" | "Egress") =>
    list.isolating(peer, direction).map((policy) => `${policy.namespace}/${policy.name}`);
  return { ...json, isolatedBy: { ingress: policies("Ingress"), egress: policies("Egress") } };
}
