import type { KubeClient, KubeObject, ListOptions, Resource } from "./client.ts";
import { ApiError } from "./errors.ts";

/** Begins a list, and gives what takes its pieces. What was taken before belongs to a list that will not be completed. */
export type BeginList = () => (items: readonly KubeObject[]) => void;

/**
 * Lists a kind piece by piece, so that neither side has it in memory as a whole. All pieces are of one revision, which is
 * returned. When the server has forgotten it in the middle (410 Gone: the continue token has expired), the list begins
 * again; and at once, without pieces, when that happens twice.
 */
export async function listPieces(
  client: KubeClient,
  resource: Resource,
  options: Omit<ListOptions, "continue">,
  begin: BeginList,
): Promise<string> {
  const { limit, ...whole } = options;
  for (const attempt of [options, options, whole]) {
    try {
      return await pieces(client, resource, attempt, begin());
    } catch (error) {
      if (attempt === whole || !(error instanceof ApiError) || error.code !== 410) throw error;
    }
  }
  throw new Error("unreachable");
}

async function pieces(
  client: KubeClient,
  resource: Resource,
  options: ListOptions,
  take: (items: readonly KubeObject[]) => void,
): Promise<string> {
  let next: string | undefined;
  for (;;) {
    const list = await client.list(resource, next === undefined ? options : { ...options, continue: next });
    take(list.items);
    next = list.continue;
    if (next === undefined) return list.resourceVersion;
  }
}
