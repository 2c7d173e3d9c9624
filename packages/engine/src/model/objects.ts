import type { Address } from "../net/address.ts";
import type { Labels } from "./labels.ts";
import type { NetworkPolicy } from "./network-policy.ts";
import type { Protocol } from "./protocol.ts";
import type { SourceRange } from "./source.ts";

/** What the engine keeps of a Kubernetes object: only what a verdict can depend on. */
export type ClusterObject = Namespace | Node | Pod | Service | NetworkPolicy;
export type ObjectKind = ClusterObject["kind"];

export interface Namespace {
  readonly kind: "Namespace";
  readonly name: string;
  /** `kubernetes.io/metadata.name` is always present: the cluster adds it. */
  readonly labels: Labels;
  readonly range?: SourceRange;
}

export interface Node {
  readonly kind: "Node";
  readonly name: string;
  readonly addresses: readonly Address[];
}

/** A pod, or (when `workload` is set) the pods of a workload, which are one peer because they are alike. */
export interface Pod {
  readonly kind: "Pod";
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  /** status.podIPs; empty for pods read from manifests. At most one of each family. */
  readonly addresses: readonly Address[];
  /** The pod uses the node's network: neither selected nor matched by selectors. */
  readonly hostNetwork: boolean;
  readonly nodeName?: string;
  /** Succeeded and Failed pods have no network any more and are left out of everything. */
  readonly phase: PodPhase;
  readonly ports: readonly ContainerPort[];
  readonly workload?: WorkloadRef;
  /** Of a pod that runs: the workload that made it, which it is one of several of. */
  readonly owner?: OwnerRef;
  readonly range?: SourceRange;
}

/** The controller of a pod; of a Deployment's pod the Deployment, not the ReplicaSet between them. */
export interface OwnerRef {
  readonly kind: string;
  readonly name: string;
}

export type PodPhase = "Pending" | "Running" | "Succeeded" | "Failed" | "Unknown";

export interface ContainerPort {
  readonly name?: string;
  readonly port: number;
  readonly protocol: Protocol;
}

export interface WorkloadRef {
  /** Deployment, ReplicaSet, StatefulSet, DaemonSet, Job, CronJob, ReplicationController. */
  readonly kind: string;
  readonly name: string;
  /** Absent where the number of pods is not in the manifest (DaemonSet). */
  readonly replicas?: number;
}

export interface Service {
  readonly kind: "Service";
  readonly namespace: string;
  readonly name: string;
  /** Absent or empty: the endpoints are managed by someone else, and we know none. */
  readonly selector?: Labels;
  /** Empty for headless Services and for manifests that leave the choice to the cluster. */
  readonly clusterIPs: readonly Address[];
  readonly headless: boolean;
  readonly ports: readonly ServicePort[];
  readonly range?: SourceRange;
}

export interface ServicePort {
  readonly name?: string;
  readonly protocol: Protocol;
  readonly port: number;
  /** A port number or the name of a container port; defaults to `port`. */
  readonly targetPort: number | string;
  readonly nodePort?: number;
}
