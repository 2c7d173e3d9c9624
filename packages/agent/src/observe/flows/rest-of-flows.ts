import type { Direction } from "@portcullis/engine";

/** Flows of one turn that were counted and not explained one by one. */
export interface RestOfFlows {
  readonly verdict: "denied" | "allowed";
  /** The side that denied. */
  readonly direction?: Direction;
  readonly flows: number;
  /** Packets (denied) or connections (allowed) of all of them. */
  readonly count: number;
}
