import type { Nft, Table } from "@portcullis/nft";
import { besideWrites, interrupted } from "./beside-writes.ts";
import { DriftCheck } from "./drift-check.ts";

/** What a search has to know of who writes the table. */
export interface Writing {
  /** What the table should be; undefined before anything is in force. */
  readonly desired: () => Table | undefined;
  /** The same; undefined while it is being written, and when it is not known what is there. */
  readonly trusted: () => Table | undefined;
  /** How many transactions have been written so far. */
  readonly writes: () => number;
  /** Runs a task while nothing is written. */
  readonly whileStill: <T>(task: () => Promise<T>) => Promise<T>;
  /** Called before a round of slices. */
  readonly onRound: () => void;
}

type Compare = (desired: Table, signal?: AbortSignal) => Promise<readonly string[]>;

/** Looks for drift while the table may be written: what differs then is looked at again, while it is not. */
export class DriftSearch {
  readonly #check: DriftCheck;
  readonly #writing: Writing;

  constructor(nft: Nft, writing: Writing) {
    this.#check = new DriftCheck(nft);
    this.#writing = writing;
  }

  /** The next part of the table; a large set that changes all the time is put off. */
  slice(): Promise<readonly string[]> {
    return this.#slice((desired) => this.#check.putOff(desired));
  }

  /** Chains and definitions alone. */
  definitions(): Promise<readonly string[]> {
    const compare: Compare = (desired, signal) => this.#check.definitions(desired, signal);
    return this.#compare(compare, compare);
  }

  /** All parts from the first on, until one differs. Not to be called beside `slice`. */
  async round(): Promise<readonly string[]> {
    this.#check.begin();
    for (;;) {
      const differences = await this.#slice();
      if (differences.length > 0 || this.#check.atStart) return differences;
    }
  }

  #slice(putOff?: (desired: Table) => boolean): Promise<readonly string[]> {
    if (this.#check.atStart) this.#writing.onRound();
    return this.#compare(
      (desired, signal) => this.#check.next(desired, signal),
      (desired) => this.#check.again(desired),
      putOff,
    );
  }

  async #compare(
    first: Compare,
    again: Compare,
    putOff: (desired: Table) => boolean = () => false,
  ): Promise<readonly string[]> {
    const { desired, trusted, writes, whileStill } = this.#writing;
    const table = desired();
    if (table === undefined) return [];
    const [before, isTrusted] = [writes(), trusted() !== undefined];
    const differences = await besideWrites((signal) => first(table, signal), writes);
    const isSure = isTrusted && writes() === before;
    if (differences !== interrupted && (differences.length === 0 || isSure)) return differences;
    if (putOff(table)) return [];
    return await whileStill(async () => {
      const now = trusted();
      return now === undefined ? [] : again(now);
    });
  }
}
