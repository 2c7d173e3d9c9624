import type { KubeClient } from "./client.ts";
import { ApiError } from "./errors.ts";
import { resources } from "./resources.ts";

/**
 * What tells this cluster from every other: the uid of its kube-system namespace, which lives as long as the cluster does.
 * Undefined when we may not see it, or there is none.
 * @throws Unreachable, or ApiError of a server that is not well.
 */
export async function clusterIdentity(client: KubeClient, signal?: AbortSignal): Promise<string | undefined> {
  try {
    // A list, because who watches namespaces may list them, and need not have the right to get one.
    const fieldSelector = "metadata.name=kube-system";
    const { items } = await client.list(resources.namespaces, {
      fieldSelector,
      ...(signal === undefined ? {} : { signal }),
    });
    return items.find(({ metadata }) => metadata.name === "kube-system")?.metadata.uid;
  } catch (error) {
    const isRefusal =
      error instanceof ApiError && error.code >= 400 && error.code < 500 && error.code !== 429;
    if (isRefusal) return undefined;
    throw error;
  }
}
