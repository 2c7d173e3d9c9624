import { addressFromValue } from "../net/address.ts";
import type { Cidr } from "../net/cidr.ts";
import type { PortSet } from "../net/port-set.ts";
import type { ListedOutside } from "./listed-peer.ts";
import { type AddressRange, rangeCidrs } from "./outside.ts";
import type { PeerClass } from "./peer-class.ts";

/** Addresses outside that have the same ports towards, or from, somebody. */
export interface OutsideGroup {
  readonly peer: ListedOutside;
  readonly ports: PortSet;
}

/** Joins ranges outside that have the same ports. Equal peers are one object, and equal questions cost once. */
export class OutsideGroups {
  readonly #classes: readonly (readonly AddressRange[])[];
  readonly #indexes: readonly number[];
  readonly #peers = new Map<string, ListedOutside>();
  readonly #memo = new Map<string, readonly OutsideGroup[]>();
  readonly #ids = new Map<PortSet, number>();

  /** @param only Leave out other addresses than these. */
  constructor(classes: readonly PeerClass[], only?: readonly Cidr[]) {
    const outside = classes.filter(({ pods }) => pods.length === 0);
    const ranges = outside.map((each) => (only === undefined ? each.ranges : clip(each.ranges, only)));
    const kept = [...outside.keys()].filter((at) => ranges[at]!.length > 0);
    this.#indexes = kept.map((at) => outside[at]!.index);
    this.#classes = kept.map((at) => ranges[at]!);
  }

  /** `portsOf` is asked for each class of addresses, by index. */
  by(portsOf: (index: number) => PortSet): readonly OutsideGroup[] {
    const ports = this.#indexes.map(portsOf);
    const key = ports.map((each) => this.#idOf(each)).join();
    let groups = this.#memo.get(key);
    if (groups === undefined) {
      groups = this.#group(ports);
      this.#memo.set(key, groups);
    }
    return groups;
  }

  #group(ports: readonly PortSet[]): readonly OutsideGroup[] {
    const groups = new Map<string, { readonly ports: PortSet; readonly ranges: AddressRange[] }>();
    for (const [at, each] of ports.entries()) {
      if (each.isEmpty) continue;
      const group = groups.get(each.key) ?? { ports: each, ranges: [] };
      group.ranges.push(...this.#classes[at]!);
      groups.set(each.key, group);
    }
    return [...groups.keys()].sort().map((key) => {
      const { ports: own, ranges } = groups.get(key)!;
      return { ports: own, peer: this.#peer(rangeCidrs(ranges)) };
    });
  }

  #peer(cidrs: readonly Cidr[]): ListedOutside {
    const key = cidrs.map(({ text }) => text).join();
    let peer = this.#peers.get(key);
    if (peer === undefined) {
      peer = { kind: "outside", cidrs };
      this.#peers.set(key, peer);
    }
    return peer;
  }

  #idOf(ports: PortSet): number {
    let id = this.#ids.get(ports);
    if (id === undefined) {
      id = this.#ids.size;
      this.#ids.set(ports, id);
    }
    return id;
  }
}

function clip(ranges: readonly AddressRange[], only: readonly Cidr[]): readonly AddressRange[] {
  return ranges.flatMap(({ family, first, last }) =>
    only.flatMap((cidr) => {
      if (cidr.family !== family) return [];
      if (last.value < cidr.first || cidr.last < first.value) return [];
      return [
        {
          family,
          first: first.value < cidr.first ? addressFromValue(family, cidr.first) : first,
          last: cidr.last < last.value ? addressFromValue(family, cidr.last) : last,
        },
      ];
    }),
  );
}
