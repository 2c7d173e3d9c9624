import { Cluster, objectFromApi, type Pod } from "@portcullis/engine";
import { isReason, type KubeClient, type KubeObject, listAll, resources } from "@portcullis/kube";
import type { FleetNode } from "./fleet.ts";
import { type KnownPods, noPods } from "./fleet-index.ts";
import type { ReadPolicy } from "./read-policies.ts";

/** More requests than this are more than all pods at once. */
const requestsAtMost = 30;

/**
 * How many pods of these nodes these policies select, read with the fewest requests: the nodes' own pods, those of the
 * policies' namespaces, or all. Nothing is known where pods may not be read.
 */
export async function readPods(
  client: KubeClient,
  policies: readonly ReadPolicy[],
  nodes: readonly FleetNode[],
): Promise<KnownPods> {
  if (policies.length === 0 || nodes.length === 0) return noPods;
  const counts = new Map(policies.map(({ key }) => [key, new Map<string, number>()]));
  const cluster = new Cluster();
  for (const { meaning } of policies) if (meaning !== undefined) cluster.upsert(meaning);
  const count = (object: KubeObject) => {
    const pod = podOf(object);
    if (pod?.nodeName === undefined) return;
    for (const { namespace, name } of cluster.policiesSelecting(pod)) {
      const onNodes = counts.get(`${namespace}/${name}`);
      onNodes?.set(pod.nodeName, (onNodes.get(pod.nodeName) ?? 0) + 1);
    }
  };
  try {
    for (const scope of scopes(policies, nodes)) await listAll(client, resources.pods, count, scope);
  } catch (error) {
    if (isReason(error, "Forbidden")) return noPods;
    throw error;
  }
  const unread = new Set(policies.filter(({ meaning }) => meaning === undefined).map(({ key }) => key));
  const asked = new Set(nodes.map(({ name }) => name));
  return {
    count: (policy, node) =>
      asked.has(node) && !unread.has(policy) ? known(counts.get(policy), node) : undefined,
    nodes: (policy) => counts.get(policy)?.keys() ?? [],
  };
}

function known(onNodes: ReadonlyMap<string, number> | undefined, node: string): number | undefined {
  return onNodes === undefined ? undefined : (onNodes.get(node) ?? 0);
}

type Scope = { readonly namespace?: string; readonly fieldSelector?: string };

function scopes(policies: readonly ReadPolicy[], nodes: readonly FleetNode[]): readonly Scope[] {
  const namespaces = [...new Set(policies.map(({ namespace }) => namespace))];
  if (Math.min(namespaces.length, nodes.length) > requestsAtMost) return [{}];
  return namespaces.length <= nodes.length
    ? namespaces.map((namespace) => ({ namespace }))
    : nodes.map(({ name }) => ({ fieldSelector: `spec.nodeName=${name}` }));
}

/** A pod that a policy can apply to: it runs, has an address, and is not on its node's network. */
function podOf(object: KubeObject): Pod | undefined {
  const { object: pod } = objectFromApi({ ...object, apiVersion: "v1", kind: "Pod" });
  if (pod?.kind !== "Pod" || pod.hostNetwork || pod.addresses.length === 0) return undefined;
  return pod.phase === "Succeeded" || pod.phase === "Failed" ? undefined : pod;
}
