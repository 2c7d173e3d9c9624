import type { Address } from "../net/address.ts";
import { type Cidr, cidrWithin } from "../net/cidr.ts";

interface Named {
  readonly address: Address;
  readonly name: string;
}

/** Addresses with names, to ask what lies in a prefix. */
export class AddressList {
  readonly #sorted: Readonly<Record<4 | 6, readonly Named[]>>;

  constructor(all: readonly Named[]) {
    const of = (wanted: 4 | 6) =>
      all
        .filter(({ address }) => address.family === wanted)
        .sort((a, b) => (a.address.value < b.address.value ? -1 : 1));
    this.#sorted = { 4: of(4), 6: of(6) };
  }

  /** The names of what lies in the prefixes, each once, sorted. */
  within(prefixes: readonly Cidr[]): readonly string[] {
    const names = new Set<string>();
    for (const prefix of prefixes) {
      const list = this.#sorted[prefix.family];
      for (let at = firstFrom(list, prefix.first); at < list.length; at++) {
        const { address, name } = list[at]!;
        if (address.value > prefix.last) break;
        names.add(name);
      }
    }
    return [...names].sort();
  }
}

function firstFrom(list: readonly Named[], value: bigint): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle]!.address.value < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether prefixes have an address in common with another; prefixes are nested or apart. */
export function overlaps(prefixes: readonly Cidr[], other: Cidr): boolean {
  return prefixes.some((prefix) => cidrWithin(prefix, other) || cidrWithin(other, prefix));
}
