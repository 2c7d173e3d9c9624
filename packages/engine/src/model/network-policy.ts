import type { Cidr } from "../net/cidr.ts";
import type { LabelSelector } from "./labels.ts";
import type { Protocol } from "./protocol.ts";
import type { SourceRange } from "./source.ts";

export type Direction = "Ingress" | "Egress";

/** networking.k8s.io/v1 NetworkPolicy, defaulted as the API server does (policyTypes, protocols are always present). */
export interface NetworkPolicy {
  readonly kind: "NetworkPolicy";
  readonly namespace: string;
  readonly name: string;
  readonly podSelector: LabelSelector;
  readonly policyTypes: readonly Direction[];
  readonly ingress: readonly PolicyRule[];
  readonly egress: readonly PolicyRule[];
  /** Annotated `portcullis.dev/mode: staged`: not in force, only asked what it would do. Absent for all others. */
  readonly staged?: true;
  readonly range?: SourceRange;
}

/** One element of `ingress` or `egress`: traffic matches when any peer AND any port match. */
export interface PolicyRule {
  /** `from` or `to`; empty means any source or destination. */
  readonly peers: readonly Peer[];
  /** Empty means any port of any protocol. */
  readonly ports: readonly PolicyPort[];
  readonly range?: SourceRange;
}

export type Peer = PodPeer | IPBlockPeer;

/**
 * Pods chosen by labels. Only podSelector: pods of the policy's own namespace. Only namespaceSelector: every pod of
 * those namespaces. Both: pods that match in namespaces that match.
 */
export interface PodPeer {
  readonly kind: "pods";
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly range?: SourceRange;
}

export interface IPBlockPeer {
  readonly kind: "ipBlock";
  readonly cidr: Cidr;
  readonly except: readonly Cidr[];
  readonly range?: SourceRange;
}

export interface PolicyPort {
  readonly protocol: Protocol;
  /** A number, a container port's name, or absent for every port of the protocol. */
  readonly port?: number | string;
  /** Inclusive upper end; only with a numeric port, and never below it. */
  readonly endPort?: number;
  readonly range?: SourceRange;
}
