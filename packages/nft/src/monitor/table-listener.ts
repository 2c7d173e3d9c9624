/** A process that wrote to nftables, as the machine knows it: a container's own numbers are others. */
export interface Writer {
  readonly pid: number;
  /** Of its program, at most 15 bytes. */
  readonly name: string;
}

/** What is told of a table by `Nft.watch`. */
export interface TableListener {
  /**
   * Somebody else wrote to the table. Told once the kernel has committed it, and never of what this driver writes, but for
   * the case that both wrote in the same moment. `by` is there when it is certain.
   */
  onForeignWrite(by?: Writer): void;
  /** Somebody else may have: nothing was heard for a while, something was lost, or it is not known what it was about. */
  onDoubt(): void;
  /** The kernel's changes are heard from now on. */
  onHearing(): void;
  /** They are not, in spite of an attempt; it is tried again. `words` say why. */
  onDeaf(words: string): void;
}

/** A table that is being watched. */
export interface TableWatch {
  /** Ends it; nothing is told any more. */
  close(): Promise<void>;
}
