import { rm, rmdir } from "node:fs/promises";
import path from "node:path";
import { removeTable, table } from "@portcullis/dataplane";
import type { Nft } from "@portcullis/nft";
import { type LockHolder, processOf } from "./lock/lock-holder.ts";
import { NodeLock } from "./lock/node-lock.ts";
import { closedFileName, partialFileName, stateFileName, toldFileNames } from "./state/saved-state.ts";

export interface CleanUpOptions {
  readonly nft: Nft;
  readonly stateDirectory: string;
  /** Even while an agent runs, which will write everything again. */
  readonly force: boolean;
}

export interface CleanedUp {
  /** What was there and is not any more, each as a user would name it. */
  readonly removed: readonly string[];
}

/** An agent has this network namespace: what is removed would come back. */
export class AgentRuns extends Error {
  readonly holder: LockHolder | undefined;

  constructor(holder: LockHolder | undefined) {
    super(holder === undefined ? "an agent runs here" : `an agent runs here, as ${processOf(holder)}`);
    this.name = "AgentRuns";
    this.holder = holder;
  }
}

/**
 * Removes what agents leave on a node: our table and the state on disk, and nothing else. What the table isolated is open
 * from then on.
 * @throws AgentRuns unless `force`; NftError, NftUnavailable; Error of node:fs.
 */
export async function cleanUp({ nft, stateDirectory, force }: CleanUpOptions): Promise<CleanedUp> {
  // Held for as long as it takes, so that no agent begins in the middle.
  const lock = await NodeLock.take("cleanup");
  if (lock === undefined && !force) throw new AgentRuns(await NodeLock.holder());
  const removed: string[] = [];
  try {
    if (await removeTable(nft)) removed.push(`table ${table.family} ${table.name}`);
    for (const name of [stateFileName, closedFileName, ...Object.values(toldFileNames)]) {
      for (const each of [name, partialFileName(name)]) {
        const file = path.join(stateDirectory, each);
        if (await removeFile(file)) removed.push(file);
      }
    }
    // It may be a mount, or hold what is not ours.
    await rmdir(stateDirectory).then(
      () => removed.push(stateDirectory),
      () => {},
    );
  } finally {
    await lock?.release();
  }
  return { removed };
}

async function removeFile(file: string): Promise<boolean> {
  try {
    await rm(file);
    return true;
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}
