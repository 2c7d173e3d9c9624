import fc from "fast-check";
import { expect, test } from "vitest";
import type { Cluster } from "../cluster/cluster.ts";
import { clusterOf } from "../cluster/objects.testing.ts";
import { podKey } from "../cluster/pod-entry.ts";
import { printedSeed } from "../seed.testing.ts";
import { randomCluster } from "../verdict/random-cluster.testing.ts";

test("for every pair of pods, and every pod with every address, it says what asking for the pair says", () => {
  const seed = printedSeed("reachability");
  let [pairs, classes, pods] = [0, 0, 0];
  fc.assert(
    fc.property(randomCluster, ({ objects, outside }) => {
      const cluster = clusterOf(...objects);
      const reach = cluster.reachability();
      const alive = cluster.pods().filter((pod) => reach.classOf(pod) !== undefined);
      classes += reach.classes.length;
      pods += alive.length;
      for (const source of alive) {
        for (const destination of alive) {
          if (isExempt(cluster, source, destination)) continue;
          const expected = cluster.allowedPorts({ pod: source }, { pod: destination });
          const [from, to] = [reach.classOf(source)!, reach.classOf(destination)!];
          pairs++;
          expect(reach.ports(from, to).key, `${podKey(source)} -> ${podKey(destination)}`).toBe(expected.key);
          const listed = [...reach.sources(to)].find(([each]) => each === from)?.[1];
          expect(listed?.key ?? "").toBe(expected.key);
        }
        for (const address of outside) {
          const range = reach.classes.find(({ ranges }) =>
            ranges.some(
              ({ family, first, last }) =>
                family === address.family && first.value <= address.value && address.value <= last.value,
            ),
          )!;
          const own = reach.classOf(source)!;
          expect(reach.ports(own, range).key).toBe(cluster.allowedPorts({ pod: source }, { address }).key);
          expect(reach.ports(range, own).key).toBe(cluster.allowedPorts({ address }, { pod: source }).key);
        }
      }
    }),
    { seed, numRuns: 3_000 },
  );
  console.log(`reachability: ${pairs} pairs; ${pods} pods in ${classes} classes`);
  expect(pairs).toBeGreaterThan(10_000);
});

/** A pod to itself, and a node to its own pods: always allowed, and not what the snapshot is about. */
function isExempt(
  cluster: Cluster,
  source: import("../model/objects.ts").Pod,
  destination: typeof source,
): boolean {
  const [from, to] = [{ pod: source }, { pod: destination }];
  const { ingress, egress } = cluster.evaluate({ source: from, destination: to, protocol: "TCP", port: 1 });
  return ingress.reason === "node" || egress.reason === "self" || ingress.reason === "self";
}
