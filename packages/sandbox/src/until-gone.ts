import { ApiError, type KubeClient, type KubeObject, type Resource } from "@portcullis/kube";

/** How long an object that is gone already is looked for in what the server still remembers, in milliseconds. */
const historyMs = 1_000;

/**
 * Waits for an object that is being deleted to go away. Resolves with the resourceVersion of its deletion; with the one
 * given when the deletion is older than the server's memory. Ends when the server ends the watch.
 */
export async function untilGone(client: KubeClient, resource: Resource, object: KubeObject): Promise<string> {
  const { name, namespace, uid, resourceVersion = "" } = object.metadata;
  const abort = new AbortController();
  const { signal } = abort;
  let timer: NodeJS.Timeout | undefined;
  // The watch tells of every deletion after `resourceVersion`; it is asked first, so that none falls in between.
  const watching = (async () => {
    const selected = { fieldSelector: `metadata.name=${name}`, ...(namespace ? { namespace } : {}) };
    for await (const { type, object: seen } of client.watch(resource, {
      resourceVersion,
      signal,
      ...selected,
    }))
      if (type === "DELETED" && seen.metadata.uid === uid)
        return seen.metadata.resourceVersion ?? resourceVersion;
    return resourceVersion;
  })().catch((error: unknown) => {
    if (signal.aborted || (error instanceof ApiError && error.code === 410)) return resourceVersion;
    throw error;
  });
  const found = await client.get(resource, name, namespace).catch((error: unknown) => {
    if (error instanceof ApiError && error.code === 404) return undefined;
    throw error;
  });
  if (found?.metadata.uid !== uid) timer = setTimeout(() => abort.abort(), historyMs);
  try {
    return await watching;
  } finally {
    clearTimeout(timer);
    abort.abort();
  }
}
