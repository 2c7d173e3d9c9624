import fc from "fast-check";
import { expect, test } from "vitest";
import type { Protocol } from "../model/protocol.ts";
import { normalizePorts, type PortRange } from "./port-set.ts";

const protocols: Protocol[] = ["SCTP", "TCP", "UDP"];
const port = fc.integer({ min: 0, max: 40 });
const ranges = fc.array(fc.record({ protocol: fc.constantFrom(...protocols), from: port, to: port }), {
  maxLength: 8,
});

/** The model: the set of ports, listed. */
const members = (list: readonly PortRange[]) =>
  protocols.flatMap((protocol) =>
    Array.from({ length: 41 }, (_, number) => number)
      .filter((number) =>
        list.some((one) => one.protocol === protocol && one.from <= number && number <= one.to),
      )
      .map((number) => `${protocol} ${number}`),
  );

test("keeps the ports, in the fewest sorted ranges", () => {
  fc.assert(
    fc.property(ranges, (input) => {
      const result = normalizePorts(input);
      expect(members(result)).toEqual(members(input));
      for (const [index, one] of result.entries()) {
        const next = result[index + 1];
        if (next === undefined) continue;
        const apart =
          one.protocol < next.protocol || (one.protocol === next.protocol && one.to + 1 < next.from);
        expect(apart).toBe(true);
      }
      expect(normalizePorts(input.toReversed())).toEqual(result);
    }),
  );
});

test("joins touching ranges and leaves out empty ones", () => {
  const tcp = (from: number, to: number): PortRange => ({ protocol: "TCP", from, to });
  expect(normalizePorts([tcp(81, 90), tcp(80, 80), tcp(9, 8)])).toEqual([tcp(80, 90)]);
  expect(normalizePorts([tcp(1, 65535), { protocol: "UDP", from: 53, to: 53 }])).toEqual([
    tcp(1, 65535),
    { protocol: "UDP", from: 53, to: 53 },
  ]);
});
