/** An IP address. `text` is canonical (dotted quad; RFC 5952), so two addresses are equal when their texts are. */
export interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
  readonly text: string;
}

/** Bits in an address of each family. */
export const addressBits = { 4: 32, 6: 128 } as const;

/**
 * Reads an address, or gives undefined. Exactly the forms that Go's net/netip takes: four decimal octets without
 * leading zeros; RFC 4291 section 2.2 text with one `::` for at least one group and an optional dotted tail. Refused
 * besides: a zone (`fe80::1%eth0`), which means nothing off its own host, and an IPv4-mapped address
 * (`::ffff:10.0.0.1`), because some readers take it for IPv4 and some for IPv6 (Kubernetes refuses it in new fields).
 */
export function parseAddress(text: string): Address | undefined {
  const family = text.includes(":") ? 6 : 4;
  const value = family === 6 ? parseIPv6Value(text) : parseIPv4Value(text);
  if (value === undefined || (family === 6 && isIPv4Mapped(value))) return undefined;
  return addressFromValue(family, value);
}

/** The address with this number. Throws RangeError when the number does not fit the family. */
export function addressFromValue(family: 4 | 6, value: bigint): Address {
  if (value < 0n || value >> BigInt(addressBits[family]) !== 0n) {
    throw new RangeError(`${value} is no IPv${family} address`);
  }
  return { family, value, text: family === 4 ? formatIPv4(value) : formatIPv6(value) };
}

/** Sorts IPv4 before IPv6, then by number. */
export function compareAddresses(a: Address, b: Address): number {
  if (a.family !== b.family) return a.family - b.family;
  return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
}

/** Whether an IPv6 number lies in ::ffff:0:0/96. */
export function isIPv4Mapped(value: bigint): boolean {
  return value >> 32n === 0xffffn;
}

const octetPattern = /^(?:0|[1-9][0-9]{0,2})$/;

export function parseIPv4Value(text: string): bigint | undefined {
  const octets = text.split(".");
  if (octets.length !== 4) return undefined;
  let value = 0;
  for (const octet of octets) {
    if (!octetPattern.test(octet) || Number(octet) > 255) return undefined;
    value = value * 256 + Number(octet);
  }
  return BigInt(value);
}

const groupPattern = /^[0-9a-fA-F]{1,4}$/;

/** The number of an IPv6 text, IPv4-mapped ones included. */
export function parseIPv6Value(text: string): bigint | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0]!, halves.length === 1);
  const tail = halves.length === 2 ? parseGroups(halves[1]!, true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  let value = 0n;
  for (const group of [...head, ...new Array<number>(missing).fill(0), ...tail]) {
    value = (value << 16n) | BigInt(group);
  }
  return value;
}

/** Groups of one side of a `::`; only the side that ends the address may end in a dotted quad. */
function parseGroups(text: string, endsAddress: boolean): number[] | undefined {
  if (text === "") return [];
  const parts = text.split(":");
  const groups: number[] = [];
  for (const [index, part] of parts.entries()) {
    if (endsAddress && index === parts.length - 1 && part.includes(".")) {
      const quad = parseIPv4Value(part);
      if (quad === undefined) return undefined;
      groups.push(Number(quad >> 16n), Number(quad & 0xffffn));
    } else if (groupPattern.test(part)) {
      groups.push(Number.parseInt(part, 16));
    } else {
      return undefined;
    }
  }
  return groups;
}

function formatIPv4(value: bigint): string {
  const number = Number(value);
  return `${number >>> 24}.${(number >>> 16) & 255}.${(number >>> 8) & 255}.${number & 255}`;
}

/** RFC 5952: lower case, no leading zeros, the longest run of zero groups (first of equals, two or more) as `::`. */
function formatIPv6(value: bigint): string {
  if (isIPv4Mapped(value)) return `::ffff:${formatIPv4(value & 0xffffffffn)}`;
  const groups: number[] = [];
  for (let shift = 112n; shift >= 0n; shift -= 16n) groups.push(Number((value >> shift) & 0xffffn));
  let start = -1;
  let length = 1;
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === 0) end++;
    if (end - i > length) {
      start = i;
      length = end - i;
    }
    i = Math.max(i, end - 1);
  }
  const hex = (part: number[]) => part.map((group) => group.toString(16)).join(":");
  return start < 0 ? hex(groups) : `${hex(groups.slice(0, start))}::${hex(groups.slice(start + length))}`;
}
