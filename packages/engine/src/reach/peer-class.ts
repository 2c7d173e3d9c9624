import type { PodEntry } from "../cluster/pod-entry.ts";
import type { Pod } from "../model/objects.ts";
import type { AddressRange } from "./outside.ts";

/** Pods that every policy treats alike, or addresses outside that do. */
export interface PeerClass {
  /** Place in `Reachability.classes`. */
  readonly index: number;
  /** By `namespace/name`; empty for a class of addresses. */
  readonly pods: readonly Pod[];
  /** Of a class of addresses; they may include addresses of pods and nodes, which are peers of their own. */
  readonly ranges: readonly AddressRange[];
  /** On a node's own network: neither selected nor matched by selectors. */
  readonly hostNetwork: boolean;
}

/** What the members of a class have in common, as far as policies can tell. */
export interface ClassTraits {
  /** Any one of the pods, when policies apply to them. */
  readonly entry: PodEntry | undefined;
  /** The set of ipBlocks that hold the address of each family; undefined where there is no address of it. */
  readonly blocks: Readonly<Record<4 | 6, number | undefined>>;
  /** Equal for pods whose ports have the same names, as far as policies use them. */
  readonly portNames: string;
}

/** Which families have an address: 0 none, 1 IPv4, 2 IPv6, 3 both. */
export type Families = 0 | 1 | 2 | 3;

export function familiesOf({ blocks }: ClassTraits): Families {
  return ((blocks[4] === undefined ? 0 : 1) + (blocks[6] === undefined ? 0 : 2)) as Families;
}

/** The family that one side uses towards another: one that both have, IPv4 first; else its own first. */
export function familyTowards(mine: Families, theirs: Families): 4 | 6 | undefined {
  const common = mine & theirs;
  const usable = common === 0 ? mine : common;
  if (usable & 1) return 4;
  return usable & 2 ? 6 : undefined;
}
