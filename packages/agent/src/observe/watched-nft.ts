import type {
  ListingOptions,
  Nft,
  NftMap,
  NftSet,
  SetRef,
  Table,
  TableListener,
  TableRef,
  TableWatch,
  Transaction,
} from "@portcullis/nft";

export type NftCall = "run" | "check" | "list" | "listTerse" | "listElements";

/** A call that has ended; `seconds` from its beginning, waiting for others included. */
export interface NftCallEnd {
  readonly call: NftCall;
  readonly failed: boolean;
  readonly seconds: number;
}

/** An nft whose calls are timed and counted, and of which one can ask how long it has owed an answer. */
export class WatchedNft implements Nft {
  readonly #nft: Nft;
  readonly #nowMs: () => number;
  readonly #pending = new Set<{ readonly sinceMs: number }>();
  /** Set by whoever counts. */
  onCall: (end: NftCallEnd) => void = () => {};

  /** `nowMs` never goes back (default performance.now). */
  constructor(nft: Nft, nowMs: () => number = () => performance.now()) {
    this.#nft = nft;
    this.#nowMs = nowMs;
  }

  /** Milliseconds since the oldest call that has no answer yet began; 0 when there is none. */
  get owedMs(): number {
    const [oldest] = this.#pending;
    return oldest === undefined ? 0 : this.#nowMs() - oldest.sinceMs;
  }

  run(transaction: Transaction): Promise<void> {
    return this.#watch("run", () => this.#nft.run(transaction));
  }

  check(transaction: Transaction): Promise<void> {
    return this.#watch("check", () => this.#nft.check(transaction));
  }

  list(table: TableRef): Promise<Table | undefined> {
    return this.#watch("list", () => this.#nft.list(table));
  }

  listTerse(table: TableRef, options?: ListingOptions): Promise<Table | undefined> {
    return this.#watch("listTerse", () => this.#nft.listTerse(table, options), options);
  }

  listElements(
    table: TableRef,
    objects: readonly SetRef[],
    options?: ListingOptions,
  ): Promise<ReadonlyMap<string, NftSet | NftMap>> {
    return this.#watch("listElements", () => this.#nft.listElements(table, objects, options), options);
  }

  watch(table: TableRef, listener: TableListener): TableWatch {
    return this.#nft.watch(table, listener);
  }

  version(): Promise<string> {
    return this.#nft.version();
  }

  close(): Promise<void> {
    return this.#nft.close();
  }

  /** What is given up has not failed. */
  async #watch<T>(call: NftCall, start: () => Promise<T>, { signal }: ListingOptions = {}): Promise<T> {
    const began = { sinceMs: this.#nowMs() };
    this.#pending.add(began);
    let failed = true;
    try {
      const result = await start();
      failed = false;
      return result;
    } finally {
      if (signal?.aborted) failed = false;
      this.#pending.delete(began);
      this.onCall({ call, failed, seconds: (this.#nowMs() - began.sinceMs) / 1000 });
    }
  }
}
