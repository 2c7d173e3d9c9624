import type { NftSet } from "./set.ts";
import type { Table, TableRef } from "./table.ts";
import type { Transaction } from "./transaction.ts";

/** What speaks nftables: the program, or the fake. */
export interface Nft {
  /**
   * Commits all operations or none.
   * @throws NftError with nft's own words and the operation it points at; NftUnavailable when the program cannot be
   * run, or died before it answered (the transaction may then have been committed: read the table back).
   */
  run(transaction: Transaction): Promise<void>;
  /** As `run`, without committing (`nft -c`). */
  check(transaction: Transaction): Promise<void>;
  /** The table as the kernel has it now, with counters; undefined when there is none. */
  list(table: TableRef): Promise<Table | undefined>;
  /** Elements of one set, with counters: cheaper than the whole table. */
  listSet(table: TableRef, set: string): Promise<NftSet | undefined>;
  close(): Promise<void>;
}
