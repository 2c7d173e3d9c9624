import type { Verdict } from "./rule.ts";

/** Datatypes of set keys and map values (nft(8), DATA TYPES). */
export type Datatype = "ipv4_addr" | "ipv6_addr" | "inet_proto" | "inet_service" | "mark" | "ifname";

/** The bound that the kernel gives a dynamic set which names none. */
export const DYNAMIC_SIZE = 65535;

/**
 * A named set. Keys of several fields are concatenations. `interval` is only ever used on concatenations: a plain
 * interval set makes every later element command re-read it whole.
 */
export interface NftSet {
  readonly name: string;
  readonly key: readonly Datatype[];
  readonly interval?: boolean;
  /** Elements are added by rules. */
  readonly dynamic?: boolean;
  /** Seconds after which an element that is not refreshed goes away. */
  readonly timeout?: number;
  /**
   * Upper bound on elements. Allocated up front by the kernel, so only for dynamic sets, which get DYNAMIC_SIZE
   * when they name none.
   */
  readonly size?: number;
  readonly elements: SetElements;
}

/** The elements of a set by the texts of their keys: a Map, or what stands for one that would be large. */
export interface SetElements extends ReadonlyMap<string, Element> {
  /**
   * What tells these elements from those before, when that can be had without looking at all of them: an update of a large
   * set then costs what changes in it. Undefined when it cannot.
   */
  changeSince?(before: SetElements): ElementChange | undefined;
}

export interface ElementChange {
  readonly added: readonly Element[];
  readonly removed: readonly Element[];
}

/** Types of keys and, in maps, of values. */
export interface ElementTypes {
  readonly key: readonly Datatype[];
  readonly value?: "verdict" | readonly Datatype[];
}

/** A named map from keys to verdicts, or to values such as `address . port`. */
export interface NftMap {
  readonly name: string;
  readonly key: readonly Datatype[];
  readonly value: "verdict" | readonly Datatype[];
  readonly elements: ReadonlyMap<string, MapElement>;
}

/**
 * One key, one text per field in canonical form: `10.1.0.1`, `10.0.0.0/8` or `10.0.0.5-10.0.0.9` (in interval sets),
 * `tcp` or `0-255`, `80` or `80-90` (see `canonicalValue`). The Map key of an element is its fields joined by " . ".
 */
export interface Element {
  readonly key: readonly string[];
  /** Only on elements read back from a set whose rules count. */
  readonly counter?: Counter;
  /** Seconds until it goes away unless a rule refreshes it. Only on elements read back. */
  readonly expires?: number;
}

export interface MapElement extends Element {
  readonly value: Verdict | readonly string[];
}

export interface Counter {
  readonly packets: number;
  readonly bytes: number;
}
