import type { FlowProtocol, Protocol } from "../model/protocol.ts";

export interface PortRange {
  readonly protocol: Protocol;
  /** Inclusive, 1..65535 (0 where every port of the protocol is meant: 0..65535). */
  readonly from: number;
  readonly to: number;
}

/**
 * Canonical form of a set of ports: sorted by protocol name, then port; overlapping and touching ranges of a protocol
 * joined; empty ranges (`from` above `to`) left out. Equal sets give equal lists.
 */
export function normalizePorts(ranges: readonly PortRange[]): PortRange[] {
  const sorted = ranges.filter(({ from, to }) => from <= to);
  sorted.sort(
    (a, b) =>
      (a.protocol < b.protocol ? -1 : a.protocol > b.protocol ? 1 : 0) || a.from - b.from || a.to - b.to,
  );
  const merged: PortRange[] = [];
  for (const range of sorted) {
    const top = merged.at(-1);
    if (top === undefined || top.protocol !== range.protocol || range.from > top.to + 1) merged.push(range);
    else if (range.to > top.to) merged[merged.length - 1] = { ...top, to: range.to };
  }
  return merged;
}

const protocols: readonly Protocol[] = ["SCTP", "TCP", "UDP"];
const lastPort = 65535;

/** What can be reached of a destination: ports 1..65535 of each protocol, and what has no ports (ICMP). Immutable. */
export class PortSet {
  /** Canonical, as `normalizePorts` gives them. */
  readonly ranges: readonly PortRange[];
  /** Whether ICMP and other protocols without ports are in the set. */
  readonly portless: boolean;
  /** Equal sets have equal keys. */
  readonly key: string;

  private constructor(ranges: readonly PortRange[], portless: boolean) {
    this.ranges = ranges;
    this.portless = portless;
    this.key =
      ranges.map(({ protocol, from, to }) => `${protocol}${from}-${to}`).join() + (portless ? "*" : "");
  }

  static readonly none: PortSet = new PortSet([], false);
  /** Every port of every protocol, and ICMP. */
  static readonly all: PortSet = new PortSet(
    protocols.map((protocol) => ({ protocol, from: 1, to: lastPort })),
    true,
  );

  /** What has no ports alone. */
  static readonly icmp: PortSet = new PortSet([], true);

  /** Port 0, which stands for nothing on the wire, is left out. */
  static of(ranges: readonly PortRange[]): PortSet {
    return PortSet.#make(
      normalizePorts(ranges.map((range) => (range.from < 1 ? { ...range, from: 1 } : range))),
      false,
    );
  }

  /** `ranges` are canonical. */
  static #make(ranges: readonly PortRange[], portless: boolean): PortSet {
    if (ranges.length === 0 && !portless) return PortSet.none;
    const set = new PortSet(ranges, portless);
    return set.key === PortSet.all.key ? PortSet.all : set;
  }

  get isEmpty(): boolean {
    return this.ranges.length === 0 && !this.portless;
  }

  get isAll(): boolean {
    return this === PortSet.all;
  }

  has(protocol: FlowProtocol, port: number): boolean {
    if (protocol === "ICMP") return this.portless;
    return this.ranges.some((range) => range.protocol === protocol && range.from <= port && port <= range.to);
  }

  union(other: PortSet): PortSet {
    if (this.isEmpty || other.isAll) return other;
    if (other.isEmpty || this.isAll) return this;
    return PortSet.#make(normalizePorts([...this.ranges, ...other.ranges]), this.portless || other.portless);
  }

  intersect(other: PortSet): PortSet {
    if (this.isEmpty || other.isAll) return this;
    if (other.isEmpty || this.isAll) return other;
    const common: PortRange[] = [];
    for (const a of this.ranges) {
      for (const b of other.ranges) {
        if (a.protocol !== b.protocol) continue;
        common.push({ protocol: a.protocol, from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) });
      }
    }
    return PortSet.#make(normalizePorts(common), this.portless && other.portless);
  }

  /** What is in this set and not in the other. */
  subtract(other: PortSet): PortSet {
    if (this.isEmpty || other.isEmpty) return this;
    if (other.isAll || other === this) return PortSet.none;
    let left: PortRange[] = [...this.ranges];
    for (const { protocol, from, to } of other.ranges) {
      left = left.flatMap((range) => {
        if (range.protocol !== protocol || to < range.from || range.to < from) return [range];
        return [
          { protocol, from: range.from, to: from - 1 },
          { protocol, from: to + 1, to: range.to },
        ];
      });
    }
    return PortSet.#make(normalizePorts(left), this.portless && !other.portless);
  }

  equals(other: PortSet): boolean {
    return this.key === other.key;
  }
}
