import fc from "fast-check";
import { expect, test } from "vitest";
import type { Cluster } from "../cluster/cluster.ts";
import { clusterOf } from "../cluster/objects.testing.ts";
import { readManifest } from "../manifest/read-manifest.ts";
import type { NetworkPolicy } from "../model/network-policy.ts";
import type { ClusterObject } from "../model/objects.ts";
import { printedSeed } from "../seed.testing.ts";
import { type RandomCluster, randomCluster } from "../verdict/random-cluster.testing.ts";
import type { Endpoint } from "../verdict/verdict.ts";
import { LintContext } from "./lint-context.ts";
import { redundancy } from "./redundancy.ts";
import { otherSideDenies } from "./rules/other-side-denies.ts";

const seed = printedSeed("redundancy");

const contextOf = (cluster: Cluster) =>
  new LintContext(cluster, undefined, { namespaces: [], podCidrs: [], serviceCidrs: [] }, () => true);

/** What every pod may reach of every other, and of the outside, and the outside of it. */
function meaning(objects: readonly ClusterObject[], outside: RandomCluster["outside"]): string[] {
  const cluster = clusterOf(...objects);
  const pods: Endpoint[] = cluster.pods().map((pod) => ({ pod }));
  const addresses: Endpoint[] = outside.map((address) => ({ address }));
  const pairs = (from: readonly Endpoint[], to: readonly Endpoint[]) =>
    from.flatMap((source) => to.map((destination) => cluster.allowedPorts(source, destination).key));
  return [...pairs(pods, pods), ...pairs(pods, addresses), ...pairs(addresses, pods)];
}

const policiesOf = (objects: readonly ClusterObject[]) =>
  objects.filter((object): object is NetworkPolicy => object.kind === "NetworkPolicy");

/** The policies without what is redundant; with `always` only what is so whatever pods there are. */
function reduced(objects: readonly ClusterObject[], always: boolean): NetworkPolicy[] {
  const { duplicates, policies, rules, elsewhere } = contextOf(clusterOf(...objects)).once(redundancy);
  const isGone = (each: { readonly always: boolean } | undefined) =>
    each !== undefined && (!always || each.always);
  const goneRules = new Set(
    [...rules.keys(), ...[...elsewhere].filter(([, cover]) => isGone(cover)).map(([rule]) => rule)].map(
      ({ rule }) => rule,
    ),
  );
  const gonePolicies = new Set(
    [...duplicates.keys(), ...[...policies].filter(([, cover]) => isGone(cover)).map(([entry]) => entry)].map(
      ({ policy }) => policy,
    ),
  );
  return policiesOf(objects)
    .filter((policy) => !gonePolicies.has(policy))
    .map((policy) => ({
      ...policy,
      ingress: policy.ingress.filter((rule) => !goneRules.has(rule)),
      egress: policy.egress.filter((rule) => !goneRules.has(rule)),
    }));
}

test("without all that is called redundant, the same is allowed", () => {
  let [smaller, runs] = [0, 0];
  fc.assert(
    fc.property(randomCluster, ({ objects, outside }) => {
      const rest = objects.filter(({ kind }) => kind !== "NetworkPolicy");
      const left = reduced(objects, false);
      runs++;
      if (JSON.stringify(left, plain) === JSON.stringify(policiesOf(objects), plain)) return;
      smaller++;
      expect(meaning([...rest, ...left], outside)).toEqual(meaning(objects, outside));
    }),
    { seed, numRuns: 300 },
  );
  expect(smaller).toBeGreaterThan(runs / 20);
});

test("what is redundant whatever pods there are is so for other pods", () => {
  let smaller = 0;
  fc.assert(
    fc.property(randomCluster, randomCluster, ({ objects }, other) => {
      const left = reduced(objects, true);
      if (left.length === policiesOf(objects).length) return;
      smaller++;
      const rest = other.objects.filter(({ kind }) => kind !== "NetworkPolicy");
      const before = meaning([...rest, ...policiesOf(objects)], other.outside);
      expect(meaning([...rest, ...left], other.outside)).toEqual(before);
    }),
    { seed, numRuns: 300 },
  );
  expect(smaller).toBeGreaterThan(3);
});

test("a rule that the other side denies opens nothing", () => {
  let found = 0;
  fc.assert(
    fc.property(randomCluster, ({ objects, outside }) => {
      for (const { object, path } of otherSideDenies.check(contextOf(clusterOf(...objects)))) {
        const [, side, index] = /^spec\.(ingress|egress)\[(\d+)\]$/.exec(path)!;
        found++;
        const without = objects.map((each) =>
          each.kind === "NetworkPolicy" && object === `NetworkPolicy ${each.namespace}/${each.name}`
            ? { ...each, [side!]: each[side as "ingress"].filter((_, place) => place !== Number(index)) }
            : each,
        );
        expect(meaning(without, outside)).toEqual(meaning(objects, outside));
      }
    }),
    { seed, numRuns: 200 },
  );
  expect(found).toBeGreaterThan(3);
});

const plain = (_: string, value: unknown) => (typeof value === "bigint" ? String(value) : value);

test("the pods of a workload are each other's peers, though one object stands for all", () => {
  const text = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: b}
spec: {replicas: 3, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}}
---
apiVersion: v1
kind: Pod
metadata: {name: closed, namespace: c}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: out, namespace: b}
spec: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed, namespace: c}
spec: {podSelector: {}}
`;
  const { objects } = readManifest(text, "a.yaml");
  expect([...otherSideDenies.check(contextOf(clusterOf(...objects)))]).toEqual([]);
  const alone = readManifest(text.replace("replicas: 3", "replicas: 1"), "a.yaml");
  expect([...otherSideDenies.check(contextOf(clusterOf(...alone.objects)))]).toHaveLength(1);
});
