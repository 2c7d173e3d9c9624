import fc from "fast-check";
import { expect, test } from "vitest";
import type { Deployment, ReplicaSet } from "../objects/workload.ts";
import { proportionalSizes } from "./proportional-scaling.ts";
import { maxAnnotation } from "./revision-annotations.ts";
import { rolloutLimits } from "./rollout-limits.ts";

function deployment(replicas: number, rollingUpdate: object): Deployment {
  const template = {};
  const spec = { replicas, selector: {}, template, strategy: { type: "RollingUpdate", rollingUpdate } };
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "d" }, spec } as Deployment;
}

function set(name: string, replicas: number, max: number): ReplicaSet {
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: { name, annotations: { [maxAnnotation]: String(max) } },
    spec: { replicas, selector: {}, template: {} },
  };
}

// The example of the documentation (Deployments, "Proportional scaling"): 10 replicas, 3 surge, 2 unavailable, scaled to 15.
test("the documentation's example", () => {
  const sizes = proportionalSizes(deployment(15, { maxSurge: 3, maxUnavailable: 2 }), [
    set("old", 8, 13),
    set("new", 5, 13),
  ]);
  expect(Object.fromEntries(sizes.map(({ set: { metadata }, size }) => [metadata.name, size]))).toEqual({
    old: 11,
    new: 7,
  });
});

test("shares are never negative and add up to what is allowed", () => {
  const share = fc.integer({ min: 1, max: 40 });
  const property = fc.property(
    fc.array(share, { minLength: 2, maxLength: 5 }),
    fc.nat(60),
    fc.nat(10),
    (now, wanted, maxSurge) => {
      const max = now.reduce((a, b) => a + b);
      const target = deployment(wanted, { maxSurge, maxUnavailable: 1 });
      const sizes = proportionalSizes(
        target,
        now.map((replicas, index) => set(`s${index}`, replicas, max)),
      );
      const total = sizes.reduce((sum, { size }) => sum + size, 0);
      expect(Math.min(...sizes.map(({ size }) => size))).toBeGreaterThanOrEqual(0);
      expect(total).toBe(wanted === 0 ? 0 : wanted + maxSurge);
    },
  );
  fc.assert(property, { seed: 20261123, numRuns: 500 });
});

test.each([
  [{ maxSurge: "25%", maxUnavailable: "25%" }, 3, { maxSurge: 1, maxUnavailable: 0 }],
  [{ maxSurge: "25%", maxUnavailable: "25%" }, 10, { maxSurge: 3, maxUnavailable: 2 }],
  [{ maxSurge: 0, maxUnavailable: "10%" }, 3, { maxSurge: 0, maxUnavailable: 1 }],
  [{ maxSurge: 2, maxUnavailable: 9 }, 4, { maxSurge: 2, maxUnavailable: 4 }],
  [{}, 4, { maxSurge: 1, maxUnavailable: 1 }],
])("limits %j of %d replicas", (rollingUpdate, replicas, expected) => {
  expect(rolloutLimits(deployment(replicas, rollingUpdate))).toEqual(expected);
});
