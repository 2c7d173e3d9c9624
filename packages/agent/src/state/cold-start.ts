import { knowsPods, table } from "@portcullis/dataplane";
import type { Nft } from "@portcullis/nft";
import type { StoredProgram } from "../agent-options.ts";
import { pause } from "../pause.ts";
import { readBootId } from "./boot-id.ts";
import { readState } from "./read-state.ts";
import type { SavedState } from "./saved-state.ts";
import { StateError } from "./state-error.ts";

/** What to bring into force while the API is not heard. */
export interface ColdStart {
  /** As the disk knows them; undefined when it does not. */
  readonly podCidrs: readonly string[] | undefined;
  readonly stored: StoredProgram;
}

export interface ColdStartOptions {
  readonly directory: string;
  readonly nodeName: string;
  readonly nft: Nft;
  /** How long the API is waited for, in milliseconds. */
  readonly afterMs: number;
  /** Whether the API has been heard after all. */
  readonly isSynced: () => boolean;
  readonly signal: AbortSignal;
  /** How long after an answer or a failure the kernel is asked again whether it has our table, in milliseconds (default 1,000). */
  readonly askAgainMs?: number;
}

/**
 * Resolves with what the disk kept, when the API has not been heard for so long and the kernel has no table of ours that
 * knows a pod: what closes a node at boot knows none. A table that is there stays as it is, for as long as it is there.
 * Resolves with undefined when the API has been heard, or nothing was kept. A state that must not be used becomes a
 * program without pods, in which every prefix of the node is closed.
 */
export async function coldStart(options: ColdStartOptions): Promise<ColdStart | undefined> {
  const { directory, nodeName, nft, afterMs, isSynced, signal, askAgainMs = 1_000 } = options;
  await pause(afterMs, signal);
  while (!signal.aborted && !isSynced()) {
    try {
      if (await isThere(nft)) {
        await pause(askAgainMs, signal);
        continue;
      }
      const state = await readState(directory, nodeName);
      return state && { podCidrs: state.podCidrs, stored: await asKept(state) };
    } catch (error) {
      if (error instanceof StateError) return refused(error);
      // nft could not be asked. The checks of the node tell why.
      await pause(askAgainMs, signal);
    }
  }
  return undefined;
}

async function isThere(nft: Nft): Promise<boolean> {
  try {
    if (await knowsPods(nft)) return true;
    await nft.list(table);
    return false;
  } catch (error) {
    // There is one, only not in our words.
    if ((error as Error).name === "NftParseError") return true;
    throw error;
  }
}

async function asKept({ program, revisions, savedMs, bootId }: SavedState): Promise<StoredProgram> {
  const since = new Date(savedMs).toISOString();
  const boot =
    (await readBootId()) === bootId ? "" : ", before this boot: pods with new addresses are closed";
  const message = `what the API says is not known yet: in force is what was on ${since}${boot}`;
  return { program, revisions, says: { reason: "ApiNotHeard", message } };
}

function refused({ problem, message, podCidrs }: StateError): ColdStart {
  const says = {
    reason: `State${problem}`,
    message: `what the API says is not known yet, and the state on disk is refused: ${message}; all of the node's pod prefixes are closed`,
  };
  const program = { pods: [], chains: [], addressSets: [], endpointSets: [] };
  return { podCidrs, stored: { program, revisions: new Map(), says } };
}
