import type { Cluster } from "../cluster/cluster.ts";
import type { PortSet } from "../net/port-set.ts";

/** What a cluster's policies come to, in figures. A pod that stands for a workload of a manifest is one pod. */
export interface ReachSummary {
  readonly namespaces: number;
  readonly policies: number;
  readonly pods: number;
  /** Kinds of pods that policies treat alike. */
  readonly classes: number;
  /** Pods that a policy isolates, by direction. */
  readonly isolated: { readonly ingress: number; readonly egress: number; readonly neither: number };
  /** Ordered pairs of different pods: all, and those that may speak on at least one of the ports asked about. */
  readonly pairs: { readonly all: number; readonly allowed: number };
}

/** Costs what the classes cost, not the pairs: for clusters of a hundred thousand pods. */
export function reachSummary(cluster: Cluster, ports: PortSet): ReachSummary {
  const reach = cluster.reachability();
  const classes = reach.classes.filter((each) => each.pods.length > 0);
  const total = (counts: (each: (typeof classes)[number]) => boolean) =>
    classes.reduce((sum, each) => (counts(each) ? sum + each.pods.length : sum), 0);
  const pods = total(() => true);
  return {
    namespaces: cluster.namespaces().length,
    policies: cluster.policies().length,
    pods,
    classes: classes.length,
    isolated: {
      ingress: total((each) => reach.isIsolated(each, "Ingress")),
      egress: total((each) => reach.isIsolated(each, "Egress")),
      neither: total((each) => !reach.isIsolated(each, "Ingress") && !reach.isIsolated(each, "Egress")),
    },
    // A pod and itself are no pair.
    pairs: { all: pods * (pods - 1), allowed: reach.countPairsWithin(ports) - pods },
  };
}
