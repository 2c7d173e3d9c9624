import { policyId, versionNumber } from "@portcullis/agent";
import { isStaged, type NetworkPolicy, objectFromApi } from "@portcullis/engine";
import { isReason, type KubeClient, type KubeObject, listAll, resources } from "@portcullis/kube";
import type { ListedPolicy } from "./fleet.ts";

export interface ReadPolicy extends ListedPolicy {
  /** Absent when the engine cannot read it. */
  readonly meaning?: NetworkPolicy;
}

export interface ReadPolicies {
  /** By `namespace/name`. */
  readonly policies: readonly ReadPolicy[];
  /** Everything that the API had up to here is among them. */
  readonly revision: bigint;
  /** Whether they are those of all namespaces. */
  readonly all: boolean;
}

/** The cluster's policies; only those of `namespace` when the others may not be read. */
export async function readPolicies(client: KubeClient, namespace: string | undefined): Promise<ReadPolicies> {
  try {
    return await read(client, undefined);
  } catch (error) {
    if (namespace === undefined || !isReason(error, "Forbidden")) throw error;
    return read(client, namespace);
  }
}

async function read(client: KubeClient, namespace: string | undefined): Promise<ReadPolicies> {
  const where = namespace === undefined ? {} : { namespace };
  const { resourceVersion } = await client.list(resources.networkpolicies, { ...where, limit: 1 });
  const policies = await listAll(client, resources.networkpolicies, readPolicy, where);
  policies.sort((a, b) => (a.key < b.key ? -1 : 1));
  return { policies, revision: versionNumber(resourceVersion), all: namespace === undefined };
}

/** More requests than this are not worth it: most of the policies will come into force. */
const askedAgainAtMost = 20;

/** Those that are still there. An agent that never enforced a deleted one has nothing to tell of it for a while. */
export async function withoutDeleted(
  client: KubeClient,
  policies: readonly ReadPolicy[],
): Promise<readonly ReadPolicy[]> {
  if (policies.length > askedAgainAtMost) return policies;
  const present = await Promise.all(
    policies.map(async ({ namespace, name }) => {
      const scope = { namespace, fieldSelector: `metadata.name=${name}` };
      const { items } = await client.list(resources.networkpolicies, scope);
      return items.some(({ metadata }) => metadata.name === name);
    }),
  );
  return policies.filter((_, index) => present[index]);
}

function readPolicy(object: KubeObject): ReadPolicy {
  const { namespace = "default", name, resourceVersion = "" } = object.metadata;
  const key = `${namespace}/${name}`;
  // Items of a list need not say what they are.
  const typed = { ...object, apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" };
  const { object: meaning } = objectFromApi(typed);
  return {
    key,
    namespace,
    name,
    resourceVersion,
    version: versionNumber(resourceVersion),
    id: policyId(key),
    staged: isStaged(object.metadata),
    ...(meaning?.kind === "NetworkPolicy" ? { meaning } : {}),
  };
}
