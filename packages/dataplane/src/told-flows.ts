/** What has been told of a flow. */
export interface ToldFlow {
  readonly packets: number;
  /** When the kernel will have forgotten it unless it is met again: milliseconds of the reader's clock. */
  readonly expiresAtMs: number;
}

/** By tally and flow, in words of the reader's own. */
export type ToldFlows = ReadonlyMap<string, ToldFlow>;

/** What a reading has made of what is told. */
export interface Reading {
  /** Milliseconds of the reader's clock. */
  readonly atMs: number;
  /** All that the kernel knew, which is told with this reading. */
  readonly told: ToldFlows;
  /** Of these, flows that had new packets. */
  readonly news: ToldFlows;
  /** Flows that the kernel has forgotten since the reading before. */
  readonly gone: readonly string[];
}
