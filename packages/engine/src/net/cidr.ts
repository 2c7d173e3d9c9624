import { type Address, addressBits, addressFromValue, parseAddress } from "./address.ts";

/** A network prefix. `text` is canonical (`10.0.0.0/8`), host bits cleared. `first` and `last` are inclusive. */
export interface Cidr {
  readonly family: 4 | 6;
  readonly prefix: number;
  readonly first: bigint;
  readonly last: bigint;
  readonly text: string;
}

const prefixPattern = /^(?:0|[1-9][0-9]{0,2})$/;

/**
 * Reads `address/prefix`, or gives undefined. The address is read by parseAddress; the prefix is decimal without a sign
 * or leading zeros, 0..32 or 0..128. Host bits are cleared (`10.1.2.3/8` is `10.0.0.0/8`), as net.ParseCIDR does.
 */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf("/");
  if (slash < 0) return undefined;
  const address = parseAddress(text.slice(0, slash));
  const prefix = text.slice(slash + 1);
  if (address === undefined || !prefixPattern.test(prefix)) return undefined;
  if (Number(prefix) > addressBits[address.family]) return undefined;
  return cidrFromValue(address.family, address.value, Number(prefix));
}

/** The prefix of this length that holds the address with this number. Throws RangeError for a length out of range. */
export function cidrFromValue(family: 4 | 6, value: bigint, prefix: number): Cidr {
  const bits = addressBits[family];
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > bits) {
    throw new RangeError(`/${prefix} is no IPv${family} prefix length`);
  }
  const hostBits = BigInt(bits - prefix);
  const first = (value >> hostBits) << hostBits;
  const last = first + (1n << hostBits) - 1n;
  return { family, prefix, first, last, text: `${addressFromValue(family, first).text}/${prefix}` };
}

/** The prefix of the address alone: /32 or /128. */
export function cidrFromAddress(address: Address): Cidr {
  return cidrFromValue(address.family, address.value, addressBits[address.family]);
}

export function cidrContains(cidr: Cidr, address: Address): boolean {
  return cidr.family === address.family && cidr.first <= address.value && address.value <= cidr.last;
}

/** Whether every address of `inner` is in `outer`; true for equal prefixes. */
export function cidrWithin(inner: Cidr, outer: Cidr): boolean {
  return inner.family === outer.family && outer.first <= inner.first && inner.last <= outer.last;
}

/** Sorts IPv4 before IPv6, then by first address, then wider before narrower. */
export function compareCidrs(a: Cidr, b: Cidr): number {
  if (a.family !== b.family) return a.family - b.family;
  if (a.first !== b.first) return a.first < b.first ? -1 : 1;
  return a.prefix - b.prefix;
}
