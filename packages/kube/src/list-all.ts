import type { KubeClient, KubeObject, ListOptions, Resource } from "./client.ts";
import { ApiError } from "./errors.ts";

export interface ListAllOptions extends Omit<ListOptions, "limit" | "continue"> {
  /** Items of one piece (default 500, as kubectl's --chunk-size). */
  readonly pageSize?: number;
  /** Called after each piece, with the number of items so far. */
  readonly onProgress?: (items: number) => void;
}

/**
 * Lists a kind piece by piece, and keeps of each object what `slim` makes of it, so that a large cluster is never in memory
 * as it was sent. All pieces are of one revision; when the server has forgotten it in the middle, everything is listed
 * again at once.
 */
export async function listAll<T>(
  client: KubeClient,
  resource: Resource,
  slim: (object: KubeObject) => T,
  options: ListAllOptions = {},
): Promise<T[]> {
  const { pageSize = 500, onProgress = () => {}, ...rest } = options;
  try {
    return await pieces(client, resource, slim, { ...rest, limit: pageSize }, onProgress);
  } catch (error) {
    // 410 Gone: the continue token has expired.
    if (!(error instanceof ApiError) || error.code !== 410) throw error;
    return pieces(client, resource, slim, rest, onProgress);
  }
}

async function pieces<T>(
  client: KubeClient,
  resource: Resource,
  slim: (object: KubeObject) => T,
  options: ListOptions,
  onProgress: (items: number) => void,
): Promise<T[]> {
  const all: T[] = [];
  let next: string | undefined;
  do {
    const list = await client.list(resource, next === undefined ? options : { ...options, continue: next });
    for (const item of list.items) all.push(slim(item));
    onProgress(all.length);
    next = list.continue;
  } while (next !== undefined);
  return all;
}
