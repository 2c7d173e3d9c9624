import type { FlowProtocol, Labels, Protocol } from "@portcullis/engine";

/** A case is data: a cluster, changes to it, and after each step who may reach whom. */
export interface Case {
  readonly name: string;
  readonly topology: Topology;
  readonly ports: readonly PortProbe[];
  readonly steps: readonly Step[];
}

export interface Topology {
  readonly namespaces: readonly { readonly name: string; readonly labels: Labels }[];
  readonly pods: readonly PodSpec[];
  /** Whether the node itself is asked as a source too. */
  readonly node?: boolean;
}

export interface PodSpec {
  /** `namespace/name`. */
  readonly ref: string;
  readonly labels: Labels;
  readonly ports: readonly { readonly name?: string; readonly port: number; readonly protocol: Protocol }[];
  readonly hostNetwork?: boolean;
}

/** Port 0 for ICMP. */
export interface PortProbe {
  readonly protocol: FlowProtocol;
  readonly port: number;
}

export interface Step {
  readonly says: string;
  readonly changes: readonly Change[];
  /** Lines of a truth table (see truth-table.ts): all true but for these. */
  readonly table: readonly string[];
}

export type Change =
  | { readonly kind: "apply"; readonly policy: PolicySpec }
  | { readonly kind: "remove"; readonly policy: string }
  /** Replaces the labels of a namespace (`x`) or a pod (`x/a`). */
  | { readonly kind: "label"; readonly target: string; readonly labels: Labels }
  | { readonly kind: "create"; readonly pod: PodSpec }
  /** Deletes a pod; with `reuse`, the next pod that is created gets its address. */
  | { readonly kind: "delete"; readonly pod: string; readonly reuse?: boolean };

/** A NetworkPolicy in which namespaces and addresses are still the case's own names. */
export interface PolicySpec {
  /** `namespace/name`. */
  readonly ref: string;
  /** Selectors are written as kubectl takes them: `pod=a,tier in (x,y),!old`. */
  readonly select: string;
  readonly ingress?: readonly RuleSpec[];
  readonly egress?: readonly RuleSpec[];
}

export interface RuleSpec {
  readonly peers: readonly PeerSpec[];
  /** `TCP`, `TCP 80`, `UDP dns`, `TCP 80-90`. */
  readonly ports: readonly string[];
}

export type PeerSpec =
  | { readonly kind: "pods"; readonly pods?: string; readonly namespaces?: string }
  | { readonly kind: "block"; readonly block: BlockSpec; readonly except: readonly BlockSpec[] };

/** A prefix, or one of each family around the address of a pod or of the `node`, by the number of its host bits. */
export type BlockSpec = string | { readonly around: string; readonly hostBits: number };

/** One question of a table. */
export interface Cell extends PortProbe {
  /** `namespace/name`, or `node`. */
  readonly from: string;
  /** `namespace/name`. */
  readonly to: string;
  readonly family: 4 | 6;
  /** By the pod's own address, or by its Service's. */
  readonly via: "pod" | "service";
}

export function cellText({ from, to, protocol, port, family, via }: Cell): string {
  const what = protocol === "ICMP" ? "ICMP" : `${protocol} ${port}`;
  return `${from} → ${to} ${what} IPv${family}${via === "service" ? " through its Service" : ""}`;
}
