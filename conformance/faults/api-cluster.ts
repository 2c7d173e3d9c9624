import { Cluster, objectFromApi } from "@portcullis/engine";
import { type KubeClient, resources } from "@portcullis/kube";

/** What the API says now, as the engine understands it. */
export async function clusterOf(client: KubeClient): Promise<Cluster> {
  const cluster = new Cluster();
  for (const kind of ["namespaces", "nodes", "pods", "networkpolicies"] as const) {
    const { items } = await client.list(resources[kind]);
    for (const item of items) {
      const { object, errors } = objectFromApi(item);
      if (object === undefined) throw new Error(`cannot read ${kind}: ${JSON.stringify(errors)}`);
      cluster.upsert(object);
    }
  }
  return cluster;
}
