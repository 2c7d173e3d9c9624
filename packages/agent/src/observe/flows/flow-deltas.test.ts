import fc from "fast-check";
import { expect, test } from "vitest";
import { FlowDeltas } from "./flow-deltas.ts";
import type { SeenFlow } from "./seen-flow.ts";

const flow = (source: string, count: number, more: Partial<SeenFlow> = {}): SeenFlow => ({
  direction: "Ingress",
  source,
  destination: "10.0.0.2",
  protocol: "TCP",
  port: 80,
  count,
  ...more,
});

test("what stands there at the first look was told by a predecessor; later only what grew is given", () => {
  const deltas = new FlowDeltas();
  expect(deltas.take([flow("10.0.0.1", 5)])).toEqual([]);
  expect(deltas.take([flow("10.0.0.1", 5)])).toEqual([]);
  expect(deltas.take([flow("10.0.0.1", 7), flow("10.0.0.3", 1)])).toEqual([
    flow("10.0.0.1", 2),
    flow("10.0.0.3", 1),
  ]);
});

test("a count that fell, or came back, began anew", () => {
  const deltas = new FlowDeltas();
  deltas.take([]);
  deltas.take([flow("10.0.0.1", 9)]);
  expect(deltas.take([flow("10.0.0.1", 4)])).toEqual([flow("10.0.0.1", 4)]);
  expect(deltas.take([])).toEqual([]);
  expect(deltas.take([flow("10.0.0.1", 4)])).toEqual([flow("10.0.0.1", 4)]);
});

test("flows that differ in anything are counted apart", () => {
  const deltas = new FlowDeltas();
  deltas.take([]);
  const { direction: _, ...passed } = flow("10.0.0.1", 1);
  const flows = [
    flow("10.0.0.1", 1),
    flow("10.0.0.1", 2, { direction: "Egress" }),
    flow("10.0.0.1", 3, { unprogrammed: true }),
    flow("10.0.0.1", 4, { protocol: "UDP" }),
    flow("10.0.0.1", 5, { port: 81 }),
    flow("10.0.0.1", 6, { destination: "10.0.0.9" }),
    passed,
  ];
  expect(deltas.take(flows)).toEqual(flows);
});

test("whatever the kernel forgets in between, no packet is told twice, and none that was seen is lost", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ grows: fc.nat(5), forgets: fc.boolean() }), { maxLength: 30 }),
      (steps) => {
        const deltas = new FlowDeltas();
        deltas.take([]);
        let kernel = 0;
        let told = 0;
        let sent = 0;
        for (const { grows, forgets } of steps) {
          // The kernel forgets after five quiet minutes, so that a look comes between.
          if (forgets) {
            kernel = 0;
            deltas.take([]);
          }
          kernel += grows;
          sent += grows;
          const seen = kernel === 0 ? [] : [flow("10.0.0.1", kernel)];
          told += deltas.take(seen).reduce((sum, { count }) => sum + count, 0);
        }
        expect(told).toBe(sent);
      },
    ),
    { seed: 11, numRuns: 200 },
  );
});
