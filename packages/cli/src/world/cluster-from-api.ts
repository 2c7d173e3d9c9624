import { Cluster, type NetworkPolicy, objectFromApi } from "@portcullis/engine";
import { type KubeClient, resources } from "@portcullis/kube";

/** The kinds that a verdict depends on. */
const analysed = [
  resources.namespaces,
  resources.nodes,
  resources.pods,
  resources.services,
  resources.networkpolicies,
];

/**
 * A Cluster with everything that a verdict can depend on, as the API serves it now. A policy that is the same as one of
 * `written` takes that one's source ranges, so that explanations point into the user's files. Objects that the engine
 * cannot read are left out, and named.
 */
export async function clusterFromApi(
  client: KubeClient,
  written: readonly NetworkPolicy[] = [],
): Promise<{ readonly cluster: Cluster; readonly unreadable: readonly string[] }> {
  const lists = await Promise.all(
    analysed.map(async (resource) => ({
      kind: resource.kind,
      apiVersion: resource.group === "" ? resource.version : `${resource.group}/${resource.version}`,
      items: (await client.list(resource)).items,
    })),
  );
  const ranged = new Map(written.map((policy) => [meaning(policy), policy]));
  const cluster = new Cluster();
  const unreadable: string[] = [];
  for (const { kind, apiVersion, items } of lists) {
    for (const item of items) {
      // Items of a list need not repeat their type.
      const { object } = objectFromApi({ ...item, apiVersion, kind });
      if (object === undefined)
        unreadable.push(`${kind} ${item.metadata.namespace ?? ""}/${item.metadata.name}`);
      else cluster.upsert(object.kind === "NetworkPolicy" ? (ranged.get(meaning(object)) ?? object) : object);
    }
  }
  return { cluster, unreadable };
}

/** A policy's content without the places that it was read from: equal texts, equal policies. */
function meaning(policy: NetworkPolicy): string {
  return JSON.stringify(policy, (key, value) => {
    if (key === "range") return undefined;
    return typeof value === "bigint" ? String(value) : value;
  });
}
