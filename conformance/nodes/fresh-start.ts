import { Dataplane } from "@portcullis/dataplane";
import { parseCidr } from "@portcullis/engine";
import type { KubeClient } from "@portcullis/kube";
import { FakeNft, NftProcess, tableDifference } from "@portcullis/nft";
import { clusterOf } from "../faults/api-cluster.ts";
import type { NodeLayout } from "./layout.ts";

const table = { family: "inet", name: "portcullis" } as const;

/** Where a node's kernel differs from what an agent that starts now would write on an empty one; one line each. */
export async function differencesFromFreshStart(
  node: NodeLayout,
  command: readonly string[],
  client: KubeClient,
): Promise<readonly string[]> {
  const nft = new NftProcess({ command });
  const actual = await nft.list(table).finally(() => nft.close());
  const fresh = new FakeNft();
  const dataplane = new Dataplane({
    nft: fresh,
    connections: { list: async () => [], cut: async () => {} },
    podCidrs: node.podCidrs.map((cidr) => parseCidr(cidr)!),
    // What leads to pods is the node's to tell.
    podLinks: async () => [...(actual?.sets.get("pod_links")?.elements.keys() ?? [])],
  });
  const cluster = await clusterOf(client);
  await dataplane.apply(cluster.program({ node: node.name }));
  return tableDifference(actual, (await fresh.list(table))!);
}
