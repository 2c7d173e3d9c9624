import { groupBy } from "../group-by.ts";
import { PortSet } from "../net/port-set.ts";
import type { PeerClass } from "./peer-class.ts";
import type { PortSetPool } from "./port-set-pool.ts";
import { type ClassSet, type RowPart, type SideRow, towards } from "./side-row.ts";

/** What the counting needs of a `Reachability`. */
export interface SidesOfAll {
  readonly classes: readonly PeerClass[];
  /** By index of the class; what policies do not tell apart has one row. */
  readonly ingress: readonly SideRow[];
  readonly egress: readonly SideRow[];
  between(source: PeerClass, destination: PeerClass): PortSet;
}

/**
 * How many ordered pairs of pods have one of the ports in common, a pod and itself counted as one. Never looks at all
 * pairs of classes: what a side allows everywhere is counted by weight, and only what it allows to some by member.
 */
export function countPairs(sides: SidesOfAll, within: PortSet, pool: PortSetPool): number {
  return new PairCount(sides, pool.intern(within), pool).total();
}

/** A group of sources with the same egress row, for a destination that the row names, with what it allows there. */
interface NamedBy {
  readonly row: SideRow;
  readonly ports: PortSet;
}

class PairCount {
  readonly #sides: SidesOfAll;
  readonly #within: PortSet;
  readonly #pool: PortSetPool;
  /** Pods of each class; addresses weigh nothing. */
  readonly #weights: Float64Array;
  /** The weight of the sources by what they may send anywhere. */
  readonly #weightByBase = new Map<PortSet, number>();
  /** The sources that are told apart by destination, by their row. */
  readonly #subjects = new Map<SideRow, number[]>();
  /** By index of a destination class: which of those rows name it. */
  readonly #namedBy = new Map<number, NamedBy[]>();
  readonly #meets = new Map<PortSet, Map<PortSet, boolean>>();
  /** Memo of `#addedBy`. */
  readonly #added = new Map<string, number>();
  readonly #values: Values;
  readonly #ids = new Map<ClassSet, number>();

  constructor(sides: SidesOfAll, within: PortSet, pool: PortSetPool) {
    this.#sides = sides;
    this.#within = within;
    this.#pool = pool;
    this.#weights = Float64Array.from(sides.classes, ({ pods }) => pods.length);
    this.#values = new Values(sides.classes.length, pool);
    this.#fileSources();
  }

  total(): number {
    const occupied = this.#sides.classes.filter(({ pods }) => pods.length > 0).map(({ index }) => index);
    const groups = groupBy(occupied, (index) => this.#sides.ingress[index]!);
    let pairs = 0;
    for (const [row, destinations] of groups) pairs += this.#towards(row, destinations);
    for (const each of this.#sides.classes) {
      const itself = this.#meet(this.#sides.between(each, each), PortSet.all) ? 1 : 0;
      pairs += each.pods.length * (1 - itself);
    }
    return pairs;
  }

  #fileSources(): void {
    for (const { index } of this.#sides.classes) {
      const weight = this.#weights[index]!;
      const row = this.#sides.egress[index]!;
      this.#weightByBase.set(row.base, (this.#weightByBase.get(row.base) ?? 0) + weight);
      if (weight === 0 || row.parts.length === 0) continue;
      const subjects = this.#subjects.get(row);
      if (subjects === undefined) this.#subjects.set(row, [index]);
      else subjects.push(index);
    }
    for (const row of this.#subjects.keys()) {
      this.#values.each(row, (destination, ports) => {
        if (this.#weights[destination] === 0 || !this.#meet(ports, PortSet.all)) return;
        const known = this.#namedBy.get(destination);
        if (known === undefined) this.#namedBy.set(destination, [{ row, ports }]);
        else known.push({ row, ports });
      });
    }
  }

  /** The pairs into destinations that share an ingress row. */
  #towards(row: SideRow, destinations: readonly number[]): number {
    let weight = 0;
    const named = new Map<SideRow, Map<PortSet, number>>();
    for (const destination of destinations) {
      const own = this.#weights[destination]!;
      weight += own;
      for (const { row: egress, ports } of this.#namedBy.get(destination) ?? []) {
        const byPorts = named.get(egress) ?? new Map<PortSet, number>();
        named.set(egress, byPorts.set(ports, (byPorts.get(ports) ?? 0) + own));
      }
    }
    let pairs = weight * this.#everywhere(row);
    for (const [egress, byPorts] of named) {
      for (const source of this.#subjects.get(egress)!) {
        const inward = towards(row, source, this.#pool);
        const anyway = this.#meet(inward, egress.base) ? 1 : 0;
        for (const [ports, own] of byPorts) {
          const more = (this.#meet(inward, ports) ? 1 : 0) - anyway;
          pairs += own * this.#weights[source]! * more;
        }
      }
    }
    return pairs;
  }

  /**
   * The weight of the sources that the row lets in at ports that they may send to anywhere. What large parts add is
   * remembered, because many rows have the same; members of small parts are looked at one by one.
   */
  #everywhere({ base, parts }: SideRow): number {
    let weight = 0;
    for (const [outward, own] of this.#weightByBase) if (this.#meet(base, outward)) weight += own;
    const large = { base, parts: parts.filter((part) => this.#isLarge(part)) };
    weight += this.#addedBy(large);
    const seen = new Set<number>();
    for (const part of parts) {
      if (this.#isLarge(part)) continue;
      for (const index of part.members.list) {
        const own = this.#weights[index]!;
        if (own === 0 || seen.has(index)) continue;
        seen.add(index);
        const outward = this.#sides.egress[index]!.base;
        const counted = this.#meet(towards(large, index, this.#pool), outward);
        if (!counted && this.#meet(towards({ base, parts }, index, this.#pool), outward)) weight += own;
      }
    }
    return weight;
  }

  /** How much more weight gets in by the parts than by the base alone. */
  #addedBy(row: SideRow): number {
    if (row.parts.length === 0) return 0;
    const key = `${row.base.key} ${row.parts
      .map(({ members, fixed }) => `${this.#idOf(members)}:${fixed?.key}`)
      .sort()
      .join(" ")}`;
    let weight = this.#added.get(key);
    if (weight === undefined) {
      let sum = 0;
      this.#values.each(row, (index, ports) => {
        const outward = this.#sides.egress[index]!.base;
        if (this.#meet(ports, outward) && !this.#meet(row.base, outward)) sum += this.#weights[index]!;
      });
      weight = sum;
      this.#added.set(key, weight);
    }
    return weight;
  }

  /** Such parts are those of selections over namespaces, which many rows share. */
  #isLarge({ members, fixed }: RowPart): boolean {
    return fixed !== undefined && members.list.length > this.#weights.length / 8;
  }

  #idOf(members: ClassSet): number {
    let id = this.#ids.get(members);
    if (id === undefined) {
      id = this.#ids.size;
      this.#ids.set(members, id);
    }
    return id;
  }

  /** Whether one of the ports asked about is in both. */
  #meet(a: PortSet, b: PortSet): boolean {
    if (a === PortSet.none || b === PortSet.none) return false;
    let known = this.#meets.get(a);
    if (known === undefined) {
      known = new Map();
      this.#meets.set(a, known);
    }
    let result = known.get(b);
    if (result === undefined) {
      result = !a.intersect(b).intersect(this.#within).isEmpty;
      known.set(b, result);
    }
    return result;
  }
}

/** What rows allow to the classes that their parts name, one row at a time. An array, because a map is ten times slower. */
class Values {
  readonly #pool: PortSetPool;
  readonly #values: (PortSet | undefined)[];
  readonly #touched: number[] = [];

  constructor(classes: number, pool: PortSetPool) {
    this.#pool = pool;
    this.#values = new Array<PortSet | undefined>(classes).fill(undefined);
  }

  /** Calls `visit` for each of them. */
  each({ base, parts }: SideRow, visit: (index: number, ports: PortSet) => void): void {
    const values = this.#values;
    const touched = this.#touched;
    for (const { members, fixed, portsFor } of parts) {
      for (const index of members.list) {
        const known = values[index];
        if (known === undefined) touched.push(index);
        values[index] = this.#pool.union(known ?? base, fixed ?? portsFor(index));
      }
    }
    for (const index of touched) {
      visit(index, values[index]!);
      values[index] = undefined;
    }
    touched.length = 0;
  }
}
