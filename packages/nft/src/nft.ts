import type { TableListener, TableWatch } from "./monitor/table-listener.ts";
import type { NftMap, NftSet } from "./set.ts";
import type { Table, TableRef } from "./table.ts";
import type { Transaction } from "./transaction.ts";

/** Names a set, or a map by its `value`: an NftSet or NftMap is one. */
export type SetRef = Pick<NftSet, "name"> & Partial<Pick<NftMap, "value">>;

export interface ListingOptions {
  /**
   * Ends the listing, which then rejects with the signal's reason. nft begins a listing anew when something is
   * committed meanwhile: a long one never ends for as long as somebody writes.
   */
  readonly signal?: AbortSignal;
}

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
  /**
   * The table without elements of sets and maps and without figures of counters. What is the same as at the last
   * call are the same objects, which is what makes it cheap to ask again and again.
   */
  listTerse(table: TableRef, options?: ListingOptions): Promise<Table | undefined>;
  /** Some sets and maps with their elements and counters, by name; those that are not there are left out. */
  listElements(
    table: TableRef,
    objects: readonly SetRef[],
    options?: ListingOptions,
  ): Promise<ReadonlyMap<string, NftSet | NftMap>>;
  /**
   * Tells of whatever others write to the table, as soon as it is committed. It is no proof that nothing was written
   * when nothing is told: what tells of it can be away, which is told as well.
   */
  watch(table: TableRef, listener: TableListener): TableWatch;
  /** The program's version, `1.0.6`. */
  version(): Promise<string>;
  close(): Promise<void>;
}
