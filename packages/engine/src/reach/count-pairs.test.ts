import fc from "fast-check";
import { expect, test } from "vitest";
import { clusterOf } from "../cluster/objects.testing.ts";
import { PortSet } from "../net/port-set.ts";
import { printedSeed } from "../seed.testing.ts";
import { randomCluster } from "../verdict/random-cluster.testing.ts";

const asked = [
  PortSet.all,
  PortSet.icmp,
  PortSet.of([{ protocol: "TCP", from: 80, to: 80 }]),
  PortSet.of([
    { protocol: "TCP", from: 81, to: 90 },
    { protocol: "UDP", from: 79, to: 80 },
  ]),
];

test("it counts what asking for every pair of pods counts, at one port and at many", () => {
  const seed = printedSeed("count-pairs");
  let counted = 0;
  fc.assert(
    fc.property(randomCluster, ({ objects }) => {
      const cluster = clusterOf(...objects);
      const reach = cluster.reachability();
      const pods = reach.classes.flatMap((each) => each.pods.map((pod) => ({ pod, each })));
      for (const ports of asked) {
        let expected = pods.length;
        for (const source of pods) {
          for (const destination of pods) {
            if (source.pod === destination.pod) continue;
            if (!reach.ports(source.each, destination.each).intersect(ports).isEmpty) expected++;
          }
        }
        expect(reach.countPairsWithin(ports), ports.key).toBe(expected);
        counted += expected;
      }
    }),
    { seed, numRuns: 1_500 },
  );
  expect(counted).toBeGreaterThan(10_000);
});
