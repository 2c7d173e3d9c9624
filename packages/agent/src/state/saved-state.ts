import type { Program } from "@portcullis/engine";

/** What an agent keeps between its lives, so that a node can be closed as it was without the API. */
export interface SavedState {
  readonly nodeName: string;
  readonly podCidrs: readonly string[];
  /** Newest resourceVersion that the program knows of, by plural. */
  readonly revisions: ReadonlyMap<string, string>;
  /** When it was in force, in milliseconds since the epoch. */
  readonly savedMs: number;
  /** Of the kernel's life in which it was in force (random(4)); pods have other addresses in the next. */
  readonly bootId: string;
  readonly program: Program;
}

/** The file, in the state directory. */
export const stateFileName = "program.jsonl";
/** What closes the node's pods until an agent is there: a script for nft(8), beside it. */
export const closedFileName = "closed.nft";
/** What of dropped flows, and of those that passed, has been told. */
export const toldFileNames = { denied: "told-drops.jsonl", allowed: "told-flows.jsonl" } as const;
/** What is being written; a crash leaves it behind, and the next write begins with removing it. */
export const partialFileName = (name: string): string => `${name}.partial`;
