import type { LabelSelector } from "../model/labels.ts";
import type { Protocol } from "../model/protocol.ts";
import type { SourceRange } from "../model/source.ts";
import type { Address } from "../net/address.ts";
import type { Cidr } from "../net/cidr.ts";

/** What somebody expects of a cluster: the flows from one of `from` to one of `to` on one of the ports. */
export interface Assertion {
  /** As written, or `FROM → TO PORTS` made of the rest. */
  readonly name: string;
  /** The reason for it, in the user's words. */
  readonly why?: string;
  /** At least one. */
  readonly from: readonly AssertionPeer[];
  readonly to: readonly AssertionPeer[];
  readonly ports: readonly AssertionPort[];
  readonly expect: "allow" | "deny";
  /** Must it be true of each flow, or is one enough? A flow is a source, a destination and a port. */
  readonly match: "each" | "any";
  /** A side that means nobody is no error: the assertion then holds, being about nothing. */
  readonly mayBeEmpty: boolean;
  /** The whole item in its file. */
  readonly range: SourceRange;
}

/** One way to say who: by name, by labels, or by address. `text` is as written. */
export type AssertionPeer = NamedPeer | SelectedPeer | AddressPeer | BlockPeer | OutsidePeer;

/** A pod, a workload or a Service by its name. */
export interface NamedPeer {
  readonly kind: "named";
  readonly text: string;
  readonly namespace: string;
  /** `Pod`, `Deployment`, `Service`, …; "" for a pod or a workload of any kind. */
  readonly type: string;
  readonly name: string;
  readonly range: SourceRange;
}

/** Pods by their labels, in one namespace or in those that a selector matches. */
export interface SelectedPeer {
  readonly kind: "selected";
  readonly text: string;
  readonly scope: { readonly namespace: string } | { readonly namespaces: LabelSelector };
  readonly selector: LabelSelector;
  readonly range: SourceRange;
}

/** One address: the pod or node that has it, else nobody of the cluster. */
export interface AddressPeer {
  readonly kind: "address";
  readonly text: string;
  readonly address: Address;
  readonly range: SourceRange;
}

/** The addresses of a prefix that no pod and no node of the cluster has. */
export interface BlockPeer {
  readonly kind: "block";
  readonly text: string;
  readonly cidr: Cidr;
  readonly except: readonly Cidr[];
  readonly range: SourceRange;
}

/** Every address, of both families, that no pod and no node of the cluster has. */
interface OutsidePeer {
  readonly kind: "outside";
  readonly text: string;
  readonly range: SourceRange;
}

/** Ports at the destination. */
export type AssertionPort =
  /** Every port of every protocol, and ICMP. */
  | { readonly kind: "all" }
  /** What has no ports. */
  | { readonly kind: "icmp" }
  /** Both ends belong to it, 1..65535; equal for a single port. */
  | { readonly kind: "range"; readonly protocol: Protocol; readonly from: number; readonly to: number }
  /** Looked up at the destination: a container's port, or a Service's. */
  | { readonly kind: "name"; readonly protocol: Protocol; readonly name: string };
