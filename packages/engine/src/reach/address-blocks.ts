import type { ClusterState } from "../cluster/cluster-state.ts";
import type { IPBlockPeer } from "../model/network-policy.ts";
import { type Address, addressFromValue } from "../net/address.ts";
import { cidrContains } from "../net/cidr.ts";
import { type AddressRange, cutsOf, rangeAt } from "./outside.ts";

/** The ipBlocks of a cluster's policies, and which of them hold an address: addresses in the same blocks are alike. */
export class AddressBlocks {
  readonly #blocks = new Map<string, IPBlockPeer>();
  /** Where each family is cut, ascending; piece i begins at the i-th cut. */
  readonly #cuts: Readonly<Record<4 | 6, readonly bigint[]>>;
  /** Of each piece, the set that it belongs to. */
  readonly #setOfPiece: Readonly<Record<4 | 6, readonly number[]>>;
  readonly #sets: ReadonlySet<string>[] = [];

  constructor(state: ClusterState) {
    for (const { rules } of state.policies.values()) {
      for (const { peers } of [...rules.Ingress, ...rules.Egress]) {
        for (const peer of peers) if (peer.kind === "ipBlock") this.#blocks.set(blockId(peer), peer);
      }
    }
    const blocks = [...this.#blocks];
    const ids = new Map<string, number>();
    const number = (members: readonly string[]): number => {
      const key = members.join(" ");
      let id = ids.get(key);
      if (id === undefined) {
        id = this.#sets.length;
        ids.set(key, id);
        this.#sets.push(new Set(members));
      }
      return id;
    };
    const cidrs = blocks.flatMap(([, { cidr, except }]) => [cidr, ...except]);
    const cut = (family: 4 | 6) => cutsOf(family, cidrs);
    this.#cuts = { 4: cut(4), 6: cut(6) };
    const sets = (family: 4 | 6) =>
      membersOfPieces(family, this.#cuts[family], blocks).map((members) => number(members));
    this.#setOfPiece = { 4: sets(4), 6: sets(6) };
  }

  /** The set of blocks that hold the address, by number: equal numbers, equal sets. */
  setOf({ family, value }: Address): number {
    const cuts = this.#cuts[family];
    let [low, high] = [0, cuts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (cuts[middle]! <= value) low = middle;
      else high = middle - 1;
    }
    return this.#setOfPiece[family][low]!;
  }

  holds(set: number, block: string): boolean {
    return this.#sets[set]!.has(block);
  }

  /** The whole address space by the blocks that hold it, each with its ranges. */
  *ranges(): Iterable<{
    readonly family: 4 | 6;
    readonly set: number;
    readonly ranges: readonly AddressRange[];
  }> {
    for (const family of [4, 6] as const) {
      const bySet = new Map<number, AddressRange[]>();
      const cuts = this.#cuts[family];
      for (const [piece, set] of this.#setOfPiece[family].entries()) {
        const range = rangeAt(family, cuts, piece);
        const ranges = bySet.get(set);
        if (ranges === undefined) bySet.set(set, [range]);
        else ranges.push(range);
      }
      for (const [set, ranges] of bySet) yield { family, set, ranges };
    }
  }
}

/** Equal blocks have equal ids. */
export function blockId({ cidr, except }: IPBlockPeer): string {
  return except.length === 0
    ? cidr.text
    : `${cidr.text}-${except
        .map(({ text }) => text)
        .sort()
        .join("-")}`;
}

/** Of each piece, the ids of the blocks that hold it; a piece lies within a block or outside of it. */
function membersOfPieces(
  family: 4 | 6,
  cuts: readonly bigint[],
  blocks: readonly (readonly [string, IPBlockPeer])[],
): readonly (readonly string[])[] {
  const index = new Map(cuts.map((cut, piece) => [cut, piece]));
  const pieces: string[][] = cuts.map(() => []);
  for (const [id, { cidr, except }] of blocks) {
    if (cidr.family !== family) continue;
    for (let piece = index.get(cidr.first)!; piece < cuts.length && cuts[piece]! <= cidr.last; piece++) {
      const address = addressFromValue(family, cuts[piece]!);
      if (!except.some((hole) => cidrContains(hole, address))) pieces[piece]!.push(id);
    }
  }
  return pieces;
}
