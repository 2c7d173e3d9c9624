import type { Rule } from "./rule.ts";
import type { NftMap, NftSet } from "./set.ts";

/** Address families that a table can belong to. */
export type Family = "ip" | "ip6" | "inet";

/** Names a table: `inet portcullis`. */
export interface TableRef {
  readonly family: Family;
  readonly name: string;
}

/** Where a base chain is attached to packet processing (nft(8), CHAINS). */
export interface Hook {
  readonly type: "filter" | "nat" | "route";
  readonly hook: "prerouting" | "input" | "forward" | "output" | "postrouting";
  /** Lower runs earlier; filter is 0, dstnat -100, srcnat 100. */
  readonly priority: number;
  /** What happens to a packet that reaches the end of the chain. */
  readonly policy: "accept" | "drop";
}

export interface Chain {
  readonly name: string;
  /** Present for base chains. */
  readonly hook?: Hook;
  readonly rules: readonly Rule[];
}

/**
 * A whole table as a value. Chains, sets and maps are immutable: a changed one is a new object, and a reconciler may
 * skip what is identical.
 */
export interface Table extends TableRef {
  readonly chains: ReadonlyMap<string, Chain>;
  readonly sets: ReadonlyMap<string, NftSet>;
  readonly maps: ReadonlyMap<string, NftMap>;
}
