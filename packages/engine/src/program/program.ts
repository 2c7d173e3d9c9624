import type { Direction } from "../model/network-policy.ts";
import type { Protocol } from "../model/protocol.ts";
import type { Address } from "../net/address.ts";
import type { AddressList } from "../net/address-list.ts";
import type { Cidr } from "../net/cidr.ts";
import type { PortRange } from "../net/port-set.ts";

/**
 * What a data plane has to enforce for a set of local pods, neutral of any packet filter.
 *
 * A packet from or to a local pod is looked up by the pod's address. In each direction the pod either is not isolated
 * (everything passes) or has one chain: the packet passes when one of its rules matches, and is dropped otherwise.
 * A packet between two local pods needs both. Identity is by canonical text: equal ids have equal content, so a data
 * plane may keep what it made of an id for as long as the id lives. All arrays are sorted; a Program depends on the
 * cluster's present state only, never on the order of events.
 */
export interface Program {
  readonly pods: readonly LocalPod[];
  readonly chains: readonly PolicyChain[];
  readonly addressSets: readonly AddressSet[];
  readonly endpointSets: readonly EndpointSet[];
}

export interface LocalPod {
  /** `namespace/name`. */
  readonly key: string;
  readonly addresses: readonly Address[];
  /** Id of the chain that judges packets to the pod; absent when no policy isolates it in this direction. */
  readonly ingress?: string;
  readonly egress?: string;
  /** The addresses of the pod's node, from which it may always be reached (probes); absent when none is known. */
  readonly nodeAddresses?: readonly Address[];
}

/** The policies that isolate a pod in one direction, as one list of rules. Pods with the same list share the chain. */
export interface PolicyChain {
  /** Canonical text of direction, policies and rules (not of the members of the sets they name). */
  readonly id: string;
  readonly direction: Direction;
  /** `namespace/name`, sorted. */
  readonly policies: readonly string[];
  readonly rules: readonly ProgramRule[];
}

/** One rule of one policy. A packet matches when (`peers` AND `ports`) OR `endpoints`. */
export interface ProgramRule {
  /** `namespace/name`. */
  readonly policy: string;
  /** Index in the policy's `ingress` or `egress`. */
  readonly index: number;
  /** The other side's address; "any", or a member of the address set or of one of the prefixes (disjoint, minimal, sorted). */
  readonly peers: "any" | { readonly addressSet?: string; readonly cidrs: readonly Cidr[] };
  /** Destination port; "any" also covers protocols without ports. Empty when the rule names ports only by name. */
  readonly ports: "any" | readonly PortRange[];
  /** Egress by named port: the destinations that have such a port, each with its own number. */
  readonly endpoints?: string;
}

/** Addresses of the pods that a list of selectors matches; shared by every rule with the same list. */
export interface AddressSet {
  /** Canonical text of the selectors. */
  readonly id: string;
  readonly addresses: AddressList;
}

export interface EndpointSet {
  readonly id: string;
  readonly endpoints: readonly {
    readonly address: Address;
    readonly protocol: Protocol;
    readonly port: number;
  }[];
}
