import type { PortRange } from "../program/program.ts";

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
