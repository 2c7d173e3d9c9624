import type { PeerEntry, PolicyEntry, RuleEntry } from "../cluster/policy-entry.ts";
import type { Selection } from "../cluster/selection.ts";
import type { Direction, PolicyPort } from "../model/network-policy.ts";
import { PortSet } from "../net/port-set.ts";
import { rangesOf } from "../verdict/allowed-ports.ts";
import { type AddressBlocks, blockId } from "./address-blocks.ts";
import { type ClassTraits, type Families, familiesOf, familyTowards } from "./peer-class.ts";
import type { PortSetPool } from "./port-set-pool.ts";

/** What one side's policies allow, towards each class: everywhere the `base`, and more for the members of parts. */
export interface SideRow {
  readonly base: PortSet;
  readonly parts: readonly RowPart[];
}

export interface RowPart {
  readonly members: ClassSet;
  /** What `portsFor` gives for every member, unless it depends on the member. */
  readonly fixed: PortSet | undefined;
  /** Towards any member; of a part with port names it depends on the member. */
  portsFor(index: number): PortSet;
}

/** Some of the classes, by index. */
export interface ClassSet {
  readonly list: readonly number[];
  has(index: number): boolean;
}

/** What the row allows towards one class, by its index. */
export function towards({ base, parts }: SideRow, index: number, pool: PortSetPool): PortSet {
  let ports = base;
  for (const part of parts) {
    if (ports === PortSet.all) return ports;
    if (part.members.has(index)) ports = pool.union(ports, part.portsFor(index));
  }
  return ports;
}

/** Makes rows; shares what rows have in common. */
export class RowBuilder {
  readonly #traits: readonly ClassTraits[];
  readonly #blocks: AddressBlocks;
  readonly #pool: PortSetPool;
  readonly #bySelection = new Map<Selection, ClassSet>();
  readonly #byBlock = new Map<string, ClassSet>();
  readonly #everyone: ClassSet;

  constructor(traits: readonly ClassTraits[], blocks: AddressBlocks, pool: PortSetPool) {
    this.#traits = traits;
    this.#blocks = blocks;
    this.#pool = pool;
    this.#everyone = { list: traits.map((_, index) => index), has: () => true };
    this.#fileSelections();
  }

  /** The row of a subject that these policies isolate; everything when there are none. */
  row(direction: Direction, policies: readonly Pick<PolicyEntry, "rules">[], subject: ClassTraits): SideRow {
    if (policies.length === 0) return { base: PortSet.all, parts: [] };
    let base = PortSet.none;
    const parts: RowPart[] = [];
    for (const policy of policies) {
      for (const entry of policy.rules[direction]) {
        const members = this.#members(entry, familiesOf(subject));
        const { ports } = entry.rule;
        const named = direction === "Egress" && ports.some(({ port }) => typeof port === "string");
        if (named) {
          parts.push({
            members,
            fixed: undefined,
            portsFor: (index) => this.#ports(ports, this.#traits[index]!),
          });
          continue;
        }
        const fixed = this.#ports(ports, subject);
        if (members === this.#everyone) base = this.#pool.union(base, fixed);
        else if (members.list.length > 0) parts.push({ members, fixed, portsFor: () => fixed });
      }
    }
    return { base, parts: base === PortSet.all ? [] : parts };
  }

  /** The classes whose pods are in the selection, by index. */
  classesIn(selection: Selection): readonly number[] {
    return this.#bySelection.get(selection)?.list ?? nobody.list;
  }

  /** What the row allows towards one class. */
  towards(row: SideRow, index: number): PortSet {
    return towards(row, index, this.#pool);
  }

  /** What the row allows, for every class at its index. */
  expand({ base, parts }: SideRow): PortSet[] {
    const all = new Array<PortSet>(this.#traits.length).fill(base);
    for (const { members, portsFor } of parts) {
      for (const index of members.list) all[index] = this.#pool.union(all[index]!, portsFor(index));
    }
    return all;
  }

  #fileSelections(): void {
    const lists = new Map<Selection, number[]>();
    for (const [index, { entry }] of this.#traits.entries()) {
      for (const selection of entry?.selections ?? []) {
        const list = lists.get(selection);
        if (list === undefined) lists.set(selection, [index]);
        else list.push(index);
      }
    }
    for (const [selection, list] of lists) {
      this.#bySelection.set(selection, classSet(list, this.#traits.length));
    }
  }

  #members({ peers }: RuleEntry, subject: Families): ClassSet {
    if (peers.length === 0) return this.#everyone;
    const sets = peers.map((peer) => this.#matching(peer, subject));
    return sets.length === 1 ? sets[0]! : unionOf(sets);
  }

  #matching(peer: PeerEntry, subject: Families): ClassSet {
    if (peer.kind === "ipBlock") return this.#inBlock(blockId(peer), subject);
    return (peer.selection && this.#bySelection.get(peer.selection)) ?? nobody;
  }

  /** Which address of a class counts depends on the families of the other side. */
  #inBlock(block: string, subject: Families): ClassSet {
    const key = `${block} ${subject}`;
    let set = this.#byBlock.get(key);
    if (set === undefined) {
      const has = (index: number) => {
        const traits = this.#traits[index]!;
        const family = familyTowards(familiesOf(traits), subject);
        return family !== undefined && this.#blocks.holds(traits.blocks[family]!, block);
      };
      set = { list: this.#everyone.list.filter(has), has };
      this.#byBlock.set(key, set);
    }
    return set;
  }

  /** A port name means what the destination says. */
  #ports(ports: readonly PolicyPort[], destination: ClassTraits): PortSet {
    if (ports.length === 0) return PortSet.all;
    return this.#pool.intern(PortSet.of(ports.flatMap((port) => rangesOf(port, destination.entry))));
  }
}

/** One byte for each class where many are members; few are found in a set. */
function classSet(list: readonly number[], classes: number): ClassSet {
  if (list.length < classes / 64) {
    const members = new Set(list);
    return { list, has: (index) => members.has(index) };
  }
  const isMember = new Uint8Array(classes);
  for (const index of list) isMember[index] = 1;
  return { list, has: (index) => isMember[index] === 1 };
}

const nobody: ClassSet = { list: [], has: () => false };

function unionOf(sets: readonly ClassSet[]): ClassSet {
  const list = [...new Set(sets.flatMap((set) => set.list))];
  return { list, has: (index) => sets.some((set) => set.has(index)) };
}
