import { Cluster, readManifest } from "@portcullis/engine";
import { describe, expect, test } from "vitest";
import { extraPod, objectsOf, syntheticCluster } from "./synthetic-cluster.ts";
import { manifestOf, yamlOf } from "./synthetic-manifest.ts";

describe("a synthetic cluster", () => {
  test("is the same for the same seed, and another for another", () => {
    expect(syntheticCluster({ pods: 60, seed: 3 })).toEqual(syntheticCluster({ pods: 60, seed: 3 }));
    expect(syntheticCluster({ pods: 60, seed: 3 })).not.toEqual(syntheticCluster({ pods: 60, seed: 4 }));
  });

  test.each([2, 10, 250])(
    "of %i pods lets its client reach its server on port 80 and nowhere else",
    (pods) => {
      const cluster = syntheticCluster({ pods, seed: 1 });
      const state = new Cluster();
      for (const object of objectsOf(cluster)) state.upsert(object);
      const allows = (protocol: "TCP" | "UDP", port: number) =>
        state.allows({
          source: { pod: cluster.client },
          destination: { pod: cluster.server },
          protocol,
          port,
        });
      expect(allows("TCP", 80)).toBe(true);
      expect(allows("UDP", 80)).toBe(true);
      expect(allows("UDP", 9)).toBe(false);
    },
  );

  test("gives every pod an address of its own, extra pods included", () => {
    const cluster = syntheticCluster({ pods: 300, seed: 1, dualStack: true });
    const pods = [...cluster.pods, extraPod(cluster, 0, 1, true), extraPod(cluster, 1, 1, true)];
    const addresses = pods.flatMap((pod) => pod.addresses.map(({ text }) => text));
    expect(new Set(addresses).size).toBe(2 * pods.length);
  });

  test("has every kind of policy in manifests that the engine reads back as they were", () => {
    const cluster = syntheticCluster({ pods: 40, policies: 20, seed: 5 });
    const manifests = [...cluster.namespaces, ...cluster.pods, ...cluster.policies].map(manifestOf);
    const { objects, diagnostics } = readManifest(yamlOf(manifests), "synthetic.yaml");
    expect(diagnostics).toEqual([]);
    const policies = objects.filter(({ kind }) => kind === "NetworkPolicy");
    expect(withoutRanges(policies)).toEqual(withoutRanges(cluster.policies));
    expect(objects.filter(({ kind }) => kind === "Pod")).toHaveLength(40);
  });
});

/** Where an object stands in its text is no part of what it says. */
function withoutRanges(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutRanges);
  const entries = Object.entries(value).filter(([key, each]) => key !== "range" && each !== undefined);
  return Object.fromEntries(entries.map(([key, each]) => [key, withoutRanges(each)]));
}
