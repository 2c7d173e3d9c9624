import fc from "fast-check";
import { expect, test } from "vitest";
import { readManifest } from "../manifest/read-manifest.ts";
import type { NetworkPolicy } from "../model/network-policy.ts";
import { printedSeed } from "../seed.testing.ts";
import { oracle } from "../verdict/oracle.ts";
import { flowsOf, randomCluster, randomProbes } from "../verdict/random-cluster.testing.ts";
import { Cluster } from "./cluster.ts";
import { clusterOf, everything, flow, labelled, pod, pods, policy, rule, tcp } from "./objects.testing.ts";

const stage = (it: NetworkPolicy): NetworkPolicy => ({ ...it, staged: true });

test("staged policies change nothing until they are asked for; enforced and staged alike take any way there", () => {
  const seed = printedSeed("staged policies");
  fc.assert(
    fc.property(
      randomCluster,
      randomProbes,
      fc.array(fc.record({ index: fc.nat(), staged: fc.boolean(), drop: fc.boolean() }), { maxLength: 12 }),
      (world, probes, steps) => {
        const cluster = clusterOf(...world.objects);
        const now = new Map(world.policies.map((each) => [each.name, each]));
        for (const { index, staged, drop } of steps) {
          const picked = world.policies[index % world.policies.length]!;
          const wanted = staged ? stage(picked) : picked;
          if (drop) cluster.delete("NetworkPolicy", picked.namespace, picked.name);
          else cluster.upsert(wanted);
          if (drop) now.delete(picked.name);
          else now.set(picked.name, wanted);
        }
        const policies = [...now.values()];
        const inForce = policies.filter((each) => each.staged !== true);
        const others = world.objects.filter(({ kind }) => kind !== "NetworkPolicy");
        const plain = clusterOf(...others, ...inForce);
        expect(cluster.program(() => true)).toEqual(plain.program(() => true));
        expect(cluster.policies()).toEqual(plain.policies());
        expect(cluster.stagedPolicies().length).toBe(policies.length - inForce.length);
        const all = policies.map(({ staged: _, ...each }): NetworkPolicy => each);
        const flows = [...flowsOf(world, probes)];
        const judged = (which: readonly NetworkPolicy[]) =>
          flows.map((each) => oracle({ ...world, policies: which }, each));
        expect(judged(policies)).toEqual(judged(inForce));
        expect(flows.map((each) => cluster.allows(each))).toEqual(judged(inForce));
        expect(flows.map((each) => cluster.allows(each, { staged: true }))).toEqual(judged(all));
      },
    ),
    { seed, numRuns: 100 },
  );
});

test("the verdict names the staged policy, the rule and the nearest miss", () => {
  const db = pod("a/db", { app: "db" }, ["10.0.0.1"]);
  const web = pod("a/web", { app: "web" }, ["10.0.0.2"]);
  const closed = policy("a/closed", labelled({ app: "db" }), { ingress: [rule([pods({})], [tcp(1)])] });
  const cluster = clusterOf(db, web, stage(closed));
  const asked = flow(cluster, "a/web", "a/db", 5432);
  expect(cluster.evaluate(asked)).toMatchObject({ allowed: true, ingress: { reason: "not-isolated" } });
  const { allowed, ingress } = cluster.evaluate(asked, { staged: true });
  expect(allowed).toBe(false);
  expect(ingress.isolatedBy.map(({ name }) => name)).toEqual(["closed"]);
  expect(ingress.nearest[0]?.because).toBe("matches the peer but only port TCP 1");
});

test("a namespace lives as long as a staged policy lies in it", () => {
  const cluster = new Cluster();
  const one = policy("a/one", everything, { ingress: [] });
  for (const each of [stage(one), one, stage(one)]) {
    expect([cluster.upsert(each), cluster.upsert(each)]).toEqual([undefined, undefined]);
    expect(cluster.namespaces().map(({ name }) => name)).toEqual(["a"]);
    expect(cluster.get("NetworkPolicy", "a", "one")).toBe(each);
  }
  expect(cluster.revision).toBe(3);
  expect(cluster.delete("NetworkPolicy", "a", "one")).toBe(true);
  expect(cluster.delete("NetworkPolicy", "a", "one")).toBe(false);
  expect(cluster.namespaces()).toEqual([]);
});

test.each([
  ["staged", true, []],
  ["enforced", undefined, []],
  ["Staged", undefined, ['Unsupported value: "Staged": supported values: "enforced", "staged"']],
  ["", undefined, ['Unsupported value: "": supported values: "enforced", "staged"']],
])("the annotation %j", (mode, staged, warnings) => {
  const { objects, diagnostics } = readManifest(
    `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, annotations: {portcullis.dev/mode: "${mode}"}}
spec: {podSelector: {}}
`,
    "p.yaml",
  );
  expect((objects[0] as NetworkPolicy).staged).toBe(staged);
  expect(diagnostics.map(({ severity, message }) => [severity, message])).toEqual(
    warnings.map((message) => ["warning", message]),
  );
  expect(diagnostics.map(({ range }) => range?.start.line)).toEqual(warnings.map(() => 3));
});
