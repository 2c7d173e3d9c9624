import type { KubeClient, KubeObject, ListOptions, Resource } from "./client.ts";
import { listPieces } from "./list-pieces.ts";

export interface ListAllOptions extends Omit<ListOptions, "limit" | "continue"> {
  /** Items of one piece (default 500, as kubectl's --chunk-size). */
  readonly pageSize?: number;
  /** Called after each piece, with the number of items so far. */
  readonly onProgress?: (items: number) => void;
}

/**
 * Lists a kind piece by piece, and keeps of each object what `slim` makes of it, so that a large cluster is never in memory
 * as it was sent. All objects are of one revision.
 */
export async function listAll<T>(
  client: KubeClient,
  resource: Resource,
  slim: (object: KubeObject) => T,
  options: ListAllOptions = {},
): Promise<T[]> {
  const { pageSize = 500, onProgress = () => {}, ...rest } = options;
  let all: T[] = [];
  const begin = () => {
    all = [];
    return (items: readonly KubeObject[]) => {
      for (const item of items) all.push(slim(item));
      onProgress(all.length);
    };
  };
  await listPieces(client, resource, { ...rest, limit: pageSize }, begin);
  return all;
}
