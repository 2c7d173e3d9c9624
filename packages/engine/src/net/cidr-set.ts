import { addressBits } from "./address.ts";
import { type Cidr, cidrFromValue } from "./cidr.ts";

/** An ipBlock: the addresses of `cidr` that are in none of `except`. Other families in `except` take nothing away. */
export interface CidrBlock {
  readonly cidr: Cidr;
  readonly except: readonly Cidr[];
}

/** Inclusive at both ends. */
export interface Interval {
  readonly first: bigint;
  readonly last: bigint;
}

/**
 * The union of blocks, each less its own excepts, as the fewest possible prefixes: disjoint, sorted, IPv4 first. The
 * result depends on the set of addresses alone, so equal sets give equal lists.
 */
export function subtractAndMerge(blocks: readonly CidrBlock[]): Cidr[] {
  return ([4, 6] as const).flatMap((family) => {
    return coverIntervals(family, blocks.filter(({ cidr }) => cidr.family === family).flatMap(subtract));
  });
}

/** The union of intervals of addresses as the fewest prefixes, sorted. */
export function coverIntervals(family: 4 | 6, intervals: readonly Interval[]): Cidr[] {
  return merge([...intervals]).flatMap((interval) => toCidrs(family, interval));
}

function subtract({ cidr, except }: CidrBlock): Interval[] {
  const holes = except.filter((hole) => hole.family === cidr.family);
  holes.sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const kept: Interval[] = [];
  let next = cidr.first;
  for (const hole of holes) {
    if (hole.first > cidr.last) break;
    if (hole.first > next) kept.push({ first: next, last: hole.first - 1n });
    if (hole.last >= next) next = hole.last + 1n;
  }
  if (next <= cidr.last) kept.push({ first: next, last: cidr.last });
  return kept;
}

/** Sorted, with overlapping and touching intervals joined. */
function merge(intervals: Interval[]): Interval[] {
  intervals.sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const merged: Interval[] = [];
  for (const interval of intervals) {
    const top = merged.at(-1);
    if (top === undefined || interval.first > top.last + 1n) merged.push(interval);
    else if (interval.last > top.last) merged[merged.length - 1] = { first: top.first, last: interval.last };
  }
  return merged;
}

/** The fewest prefixes that make up an interval: from the left, each as wide as alignment and end allow. */
function toCidrs(family: 4 | 6, { first, last }: Interval): Cidr[] {
  const cidrs: Cidr[] = [];
  let next = first;
  while (next <= last) {
    let hostBits = 0;
    while (hostBits < addressBits[family]) {
      const size = 1n << BigInt(hostBits + 1);
      if (next % size !== 0n || next + size - 1n > last) break;
      hostBits++;
    }
    const cidr = cidrFromValue(family, next, addressBits[family] - hostBits);
    cidrs.push(cidr);
    next = cidr.last + 1n;
  }
  return cidrs;
}
