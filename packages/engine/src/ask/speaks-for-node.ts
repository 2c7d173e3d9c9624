import type { Cluster } from "../cluster/cluster.ts";
import type { Pod } from "../model/objects.ts";

/**
 * Whether a flow from the pod may count as one from a node, which may always reach its own pods: a pod on a node's
 * network, or (while a cluster is in disorder) one with a node's address. Its class does not tell what it may reach.
 */
export function speaksForNode(cluster: Cluster, { hostNetwork, addresses }: Pod): boolean {
  if (hostNetwork) return true;
  const { nodes } = cluster.indexes();
  return addresses.some((address) => nodes.namesAt(address) !== undefined);
}
