import fc from "fast-check";
import { expect, test } from "vitest";
import type { Protocol } from "../model/protocol.ts";
import { printedSeed } from "../seed.testing.ts";
import { PortSet } from "./port-set.ts";

const protocol = fc.constantFrom<Protocol>("TCP", "UDP", "SCTP");
const edge = fc.constantFrom(1, 2, 79, 80, 81, 443, 65534, 65535);
const range = fc.record({ protocol, from: edge, to: edge });
const set = fc.oneof(
  { weight: 8, arbitrary: fc.array(range, { maxLength: 5 }).map((ranges) => PortSet.of(ranges)) },
  { weight: 1, arbitrary: fc.constant(PortSet.all) },
  { weight: 1, arbitrary: fc.constant(PortSet.none) },
);
/** Every port at which a set of the edges above can begin or end, and ICMP. */
const points = [
  ...(["TCP", "UDP", "SCTP"] as const).flatMap((each) =>
    [1, 2, 3, 78, 79, 80, 81, 82, 442, 443, 444, 65533, 65534, 65535].map((port) => [each, port] as const),
  ),
  ["ICMP", 0] as const,
];

test("union, intersection and difference are those of sets, and equal sets have equal keys", () => {
  const seed = printedSeed("port sets");
  fc.assert(
    fc.property(set, set, (a, b) => {
      for (const [each, port] of points) {
        const [inA, inB] = [a.has(each, port), b.has(each, port)];
        expect(a.union(b).has(each, port)).toBe(inA || inB);
        expect(a.intersect(b).has(each, port)).toBe(inA && inB);
        expect(a.subtract(b).has(each, port)).toBe(inA && !inB);
      }
      expect(a.subtract(b).union(a.intersect(b)).key).toBe(a.key);
      expect(a.union(b).equals(b.union(a))).toBe(true);
      expect(a.subtract(a)).toBe(PortSet.none);
    }),
    { seed, numRuns: 500 },
  );
});

test("everything less one port, and back", () => {
  const http = PortSet.of([{ protocol: "TCP", from: 80, to: 80 }]);
  const rest = PortSet.all.subtract(http);
  expect(rest.isAll).toBe(false);
  expect(rest.has("ICMP", 0)).toBe(true);
  expect(rest.has("TCP", 80)).toBe(false);
  expect(rest.union(http)).toBe(PortSet.all);
});

test("port 0 is no port, and an empty range is nothing", () => {
  expect(PortSet.of([{ protocol: "TCP", from: 0, to: 0 }]).isEmpty).toBe(true);
  expect(PortSet.of([{ protocol: "TCP", from: 5, to: 4 }])).toBe(PortSet.none);
  expect(PortSet.of([{ protocol: "UDP", from: 0, to: 65535 }]).ranges).toEqual([
    { protocol: "UDP", from: 1, to: 65535 },
  ]);
});
