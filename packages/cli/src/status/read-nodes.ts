import { type PublishedRecord, readLease, recordSelector } from "@portcullis/agent";
import { isReason, type KubeClient, type KubeObject, listAll, resources } from "@portcullis/kube";

/** What the nodes publish, by name; from all namespaces, or from the agent's own. */
export async function readRecords(
  client: KubeClient,
  agentNamespace: string | undefined,
): Promise<ReadonlyMap<string, PublishedRecord>> {
  const options = {
    labelSelector: recordSelector,
    ...(agentNamespace === undefined ? {} : { namespace: agentNamespace }),
  };
  const found = await listAll(client, resources.leases, readLease, options);
  return newestOfEach(found.filter((record) => record !== undefined));
}

/** An agent that moved to another namespace leaves a Lease behind. */
function newestOfEach(records: readonly PublishedRecord[]): ReadonlyMap<string, PublishedRecord> {
  const newest = new Map<string, PublishedRecord>();
  for (const record of records) {
    const known = newest.get(record.nodeName);
    if (known === undefined || known.renewedMs < record.renewedMs) newest.set(record.nodeName, record);
  }
  return newest;
}

export interface NodeLife {
  readonly name: string;
  /** Of the kernel's present life, as the kubelet says (core/v1 NodeSystemInfo); another one after each boot. */
  readonly bootId?: string;
}

/** The cluster's nodes; undefined when they may not be read. */
export async function readNodes(client: KubeClient): Promise<readonly NodeLife[] | undefined> {
  try {
    return await listAll(client, resources.nodes, nodeLife);
  } catch (error) {
    if (isReason(error, "Forbidden")) return undefined;
    throw error;
  }
}

function nodeLife({ metadata: { name }, status }: KubeObject): NodeLife {
  const { bootID = "" } = (status as { nodeInfo?: { bootID?: string } } | undefined)?.nodeInfo ?? {};
  return bootID === "" ? { name } : { name, bootId: bootID };
}
