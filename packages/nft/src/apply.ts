import { DEFAULT_BUDGET } from "./chunk.ts";
import type { Nft } from "./nft.ts";
import { NftError, NftUnavailable } from "./nft-error.ts";
import { type Phase, plan } from "./plan.ts";
import type { Table } from "./table.ts";

/** A plan stopped part way: the transactions before `index` are in force. List the table before the next try. */
export class ApplyError extends Error {
  override readonly name = "ApplyError";
  readonly phase: Phase;
  /** Of the transaction that failed, in the plan, from 0. */
  readonly index: number;
  declare readonly cause: NftError | NftUnavailable;

  constructor(phase: Phase, index: number, count: number, cause: NftError | NftUnavailable) {
    super(`${phase}, transaction ${index + 1} of ${count}: ${cause.message}`, { cause });
    this.phase = phase;
    this.index = index;
  }
}

/**
 * Runs the plan from `current` to `desired` and resolves with the table that is now in force, to be passed as
 * `current` next time.
 * @throws ApplyError with nft's error as its cause.
 */
export async function apply(
  nft: Nft,
  current: Table | undefined,
  desired: Table,
  budget: number = DEFAULT_BUDGET,
): Promise<Table> {
  const transactions = plan(current, desired, budget);
  for (const [index, transaction] of transactions.entries()) {
    try {
      await nft.run(transaction);
    } catch (error) {
      if (error instanceof NftError || error instanceof NftUnavailable)
        throw new ApplyError(transaction.phase, index, transactions.length, error);
      throw error;
    }
  }
  return desired;
}
