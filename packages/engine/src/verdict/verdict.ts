import type { Direction, NetworkPolicy, Peer, PolicyPort } from "../model/network-policy.ts";
import type { Pod } from "../model/objects.ts";
import type { FlowProtocol } from "../model/protocol.ts";
import type { Address } from "../net/address.ts";

/**
 * One side of a flow: a pod, an address, or a pod as seen at one of its addresses. A pod without an address (from a
 * manifest) is never matched by an ipBlock; a bare address that belongs to a known pod is that pod.
 */
export interface Endpoint {
  readonly pod?: Pod;
  readonly address?: Address;
}

/** A first packet: after Service DNAT, before any SNAT. */
export interface Flow {
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly protocol: FlowProtocol;
  /** Destination port, 1..65535; 0 for ICMP. */
  readonly port: number;
}

/** May the flow pass, and why. Allowed when both directions allow. */
export interface Verdict {
  readonly flow: Flow;
  readonly allowed: boolean;
  readonly egress: DirectionVerdict;
  readonly ingress: DirectionVerdict;
}

export type Reason =
  | "self" // a pod may always reach itself
  | "node" // a node may always reach its own pods
  | "not-a-pod" // this side is outside the cluster, on the host network, or finished: no policy applies to it
  | "not-isolated" // no policy with this direction selects the pod
  | "rule" // a rule matched: `allowedBy`
  | "no-match"; // isolated, and no rule matched: `isolatedBy`, `nearest`

export interface DirectionVerdict {
  readonly direction: Direction;
  readonly allowed: boolean;
  readonly reason: Reason;
  /** Policies of this direction that select the pod, by name. */
  readonly isolatedBy: readonly NetworkPolicy[];
  /** The first rule that matched, in the order of policies (by name) and rules. */
  readonly allowedBy?: RuleMatch;
  /** On denial: the rules that came closest, best first; at most three. */
  readonly nearest: readonly NearMiss[];
}

export interface RuleMatch {
  readonly policy: NetworkPolicy;
  readonly direction: Direction;
  /** Index in `ingress` or `egress`. */
  readonly rule: number;
  /** Index in `from` or `to`; absent when the rule takes any peer. */
  readonly peerIndex?: number;
  readonly peer?: Peer;
  /** Index in `ports`; absent when the rule takes any port. */
  readonly portIndex?: number;
  readonly port?: PolicyPort;
}

/** A rule that nearly matched: the side that did match, and why the other did not. */
export interface NearMiss {
  readonly policy: NetworkPolicy;
  readonly direction: Direction;
  readonly rule: number;
  readonly matched: "peer" | "port" | "none";
  /** Index of the peer that matched, or that came closest. */
  readonly peerIndex?: number;
  /** One clause in plain words, e.g. `matches the peer but only port TCP 80`. */
  readonly because: string;
}
