import type { Cluster } from "../cluster/cluster.ts";
import { type PodPolicies, policiesOf } from "../cluster/pod-entry.ts";
import type { Pod } from "../model/objects.ts";

const none: PodPolicies = { Ingress: [], Egress: [] };

/** The policies that apply to the pod, if it is one that they do apply to. */
export function policiesOn(cluster: Cluster, pod: Pod | undefined): PodPolicies {
  return pod === undefined || pod.hostNetwork ? none : policiesOf(cluster.indexes().entryFor(pod));
}
