import { type PublishedRecord, readLease, recordSelector } from "@portcullis/agent";
import { isReason, type KubeClient, listAll, resources } from "@portcullis/kube";
import { type FleetNode, fleetNode } from "./fleet.ts";

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

/** The names of the cluster's nodes; undefined when they may not be read. */
export async function readNodeNames(client: KubeClient): Promise<readonly string[] | undefined> {
  try {
    return await listAll(client, resources.nodes, ({ metadata }) => metadata.name);
  } catch (error) {
    if (isReason(error, "Forbidden")) return undefined;
    throw error;
  }
}

/** By name. Without names, the nodes that publish are all that are known. */
export function fleetNodes(
  names: readonly string[] | undefined,
  records: ReadonlyMap<string, PublishedRecord>,
  nowMs: number,
): readonly FleetNode[] {
  return [...(names ?? records.keys())].sort().map((name) => fleetNode(name, records.get(name), nowMs));
}
