/**
 * IP addresses and ranges as numbers, and the one text that stands for each (RFC 5952 for IPv6, but never with a
 * dotted tail: the kernel prints `::ffff:1.2.3.4` and nft does not read every such text back).
 */

/** First and last address (or port), both included. */
export interface Interval {
  readonly first: bigint;
  readonly last: bigint;
}

export type AddressFamily = "ipv4_addr" | "ipv6_addr";

function addressBits(family: AddressFamily): 32 | 128 {
  return family === "ipv4_addr" ? 32 : 128;
}

function parseIpv4(text: string): bigint | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  let value = 0;
  for (const part of parts) {
    if (!/^(0|[1-9][0-9]{0,2})$/.test(part) || Number(part) > 255) return undefined;
    value = value * 256 + Number(part);
  }
  return BigInt(value);
}

function parseIpv6(text: string): bigint | undefined {
  let source = text;
  const dotted = /^(.*:)([0-9.]+)$/.exec(source);
  if (dotted?.[2]?.includes(".")) {
    const tail = parseIpv4(dotted[2]);
    if (tail === undefined) return undefined;
    source = `${dotted[1]}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`;
  }
  const halves = source.split("::");
  if (halves.length > 2) return undefined;
  const head = halves[0] ? halves[0].split(":") : [];
  const tail = halves[1] ? halves[1].split(":") : [];
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  let value = 0n;
  for (const group of [...head, ...Array<string>(missing).fill("0"), ...tail]) {
    if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return undefined;
    value = (value << 16n) | BigInt(`0x${group}`);
  }
  return value;
}

/** The number that an address stands for; undefined when the text is none. */
function parseAddress(family: AddressFamily, text: string): bigint | undefined {
  return family === "ipv4_addr" ? parseIpv4(text) : parseIpv6(text);
}

function formatIpv6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) => Number((value >> BigInt(112 - 16 * i)) & 0xffffn));
  let [start, length] = [-1, 1];
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === 0) end++;
    if (end - i > length) [start, length] = [i, end - i];
  }
  const hex = (part: readonly number[]): string => part.map((g) => g.toString(16)).join(":");
  return start < 0 ? hex(groups) : `${hex(groups.slice(0, start))}::${hex(groups.slice(start + length))}`;
}

/** Canonical text of an address. */
function formatAddress(family: AddressFamily, value: bigint): string {
  if (family === "ipv6_addr") return formatIpv6(value);
  const n = Number(value);
  return `${n >>> 24}.${(n >>> 16) & 255}.${(n >>> 8) & 255}.${n & 255}`;
}

/** An address, a prefix or a range `first-last` as an interval; undefined when the text is none of these. */
export function parseAddressInterval(family: AddressFamily, text: string): Interval | undefined {
  const slash = text.indexOf("/");
  if (slash >= 0) {
    const bits = addressBits(family);
    const base = parseAddress(family, text.slice(0, slash));
    const length = text.slice(slash + 1);
    if (base === undefined || !/^[0-9]{1,3}$/.test(length) || Number(length) > bits) return undefined;
    const host = (1n << BigInt(bits - Number(length))) - 1n;
    return { first: base & ~host, last: base | host };
  }
  const dash = text.indexOf("-");
  const first = parseAddress(family, dash < 0 ? text : text.slice(0, dash));
  const last = dash < 0 ? first : parseAddress(family, text.slice(dash + 1));
  return first === undefined || last === undefined || last < first ? undefined : { first, last };
}

/** The shortest form: address, else prefix when the range is one, else `first-last`. */
export function formatAddressInterval(family: AddressFamily, { first, last }: Interval): string {
  if (first === last) return formatAddress(family, first);
  const size = last - first + 1n;
  if ((size & (size - 1n)) === 0n && (first & (size - 1n)) === 0n)
    return `${formatAddress(family, first)}/${addressBits(family) - (size.toString(2).length - 1)}`;
  return `${formatAddress(family, first)}-${formatAddress(family, last)}`;
}
