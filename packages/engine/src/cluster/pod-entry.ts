import type { Pod } from "../model/objects.ts";
import type { Address } from "../net/address.ts";
import type { NamespaceEntry } from "./namespace-index.ts";
import type { PolicyEntry } from "./policy-entry.ts";
import type { Selection } from "./selection.ts";
import { SmallSet } from "./small-set.ts";

/** What the cluster keeps of a pod between changes. The entry lives as long as a pod of this name does. */
export class PodEntry {
  /** `namespace/name`. */
  readonly key: string;
  pod: Pod;
  readonly namespace: NamespaceEntry;
  /** The selections that hold the pod. */
  readonly selections = new SmallSet<Selection>();
  /**
   * The pod's addresses, less those that another pod owns: while an address passes from one pod to the next, both may
   * claim it, and it must not count twice.
   */
  addresses: readonly Address[] = [];
  /** Memo of `policiesOf`; undefined when the pod's policies may have changed. */
  policies: PodPolicies | undefined;

  constructor(key: string, pod: Pod, namespace: NamespaceEntry) {
    this.key = key;
    this.pod = pod;
    this.namespace = namespace;
  }
}

/** The policies that select a pod, by the direction in which they isolate it; sorted by name. */
export interface PodPolicies {
  readonly Ingress: readonly PolicyEntry[];
  readonly Egress: readonly PolicyEntry[];
}

/** The policies that isolate the pod, remembered until a policy comes, goes or stops selecting it. */
export function policiesOf(entry: PodEntry): PodPolicies {
  if (entry.policies === undefined) {
    const all: PolicyEntry[] = [];
    for (const selection of entry.selections) all.push(...selection.policies);
    entry.policies = byDirection(all.sort((a, b) => (a.key < b.key ? -1 : 1)));
  }
  return entry.policies;
}

export function byDirection(policies: readonly PolicyEntry[]): PodPolicies {
  return {
    Ingress: policies.filter(({ policy }) => policy.policyTypes.includes("Ingress")),
    Egress: policies.filter(({ policy }) => policy.policyTypes.includes("Egress")),
  };
}

/** Succeeded and Failed pods have no network any more. */
export function isFinished(pod: Pod): boolean {
  return pod.phase === "Succeeded" || pod.phase === "Failed";
}

/** On the pod network and alive: only such pods are selected, matched by selectors, and own addresses. */
export function isNetworked(pod: Pod): boolean {
  return !pod.hostNetwork && !isFinished(pod);
}

export function podKey(pod: Pod): string {
  return `${pod.namespace}/${podName(pod)}`;
}

/** Unique in its namespace: a workload's kind comes before its name, because a Deployment and a Job may share one. */
export function podName({ name, workload }: Pod): string {
  return workload === undefined ? name : `${workload.kind}/${name}`;
}
