import fc from "fast-check";
import { expect, test } from "vitest";
import { objectFromApi } from "./object-from-api.ts";
import { readManifest } from "./read-manifest.ts";
import { validateObject } from "./validate-object.ts";

const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000);
console.log(`fuzz seed ${seed} (set FUZZ_SEED to repeat)`);

const yaml = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: &meta
  name: web
  labels: {app: "web", tier: 'front'}
spec:
  podSelector:
    matchLabels: &labels
      app: web
    matchExpressions:
    - {key: tier, operator: In, values: [front, "y"]}
  policyTypes: [Ingress, Egress]
  ingress:
  - from:
    - ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}
    - namespaceSelector: {}
      podSelector: {matchLabels: {<<: *labels, x: ~}}
    ports:
    - {port: 80, endPort: 0x60, protocol: TCP}
    - port: http
---
# a list
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Pod
  metadata: {name: a}
  spec:
    containers:
    - name: c
      ports: [{containerPort: 80, name: http}]
- apiVersion: apps/v1
  kind: Deployment
  metadata: {name: b}
  spec: {replicas: 2, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c}]}}}
- {apiVersion: v1, kind: Service, metadata: {name: s}, spec: {ports: [{port: 80}]}}
`;
const json = JSON.stringify(readManifest(yaml, "a.yaml").values, null, 1)
  .slice(1, -1)
  .replaceAll("\n },\n {", "\n }\n {");

const fragment = fc.oneof(
  fc.constantFrom(
    ..."-:?*&!|>%@`[]{},\"'#\n\t\r~<.0\\ \u0000\uFEFF\u{1f600}",
    "---\n",
    "...\n",
    "<<: *labels",
    "&a ",
    "*a",
    "!!int ",
    "null",
    "y",
    "1e3",
    "  ",
    "__proto__: ",
    "constructor",
    "items:",
    "kind: List",
    "{}",
    "[]",
    "\r\n",
  ),
  fc.string({ maxLength: 4 }),
);
const at = fc.double({ min: 0, max: 1, noNaN: true });
const mutation = fc.record({
  at,
  remove: fc.integer({ min: 0, max: 30 }),
  insert: fragment,
  copyFrom: fc.option(at),
});

function mutate(
  text: string,
  mutations: { at: number; remove: number; insert: string; copyFrom: number | null }[],
): string {
  return mutations.reduce((current, { at: where, remove, insert, copyFrom }) => {
    const start = Math.floor(where * current.length);
    const from = Math.floor((copyFrom ?? 0) * current.length);
    const copied = copyFrom === null ? "" : current.slice(from, from + remove);
    return current.slice(0, start) + insert + copied + current.slice(start + remove);
  }, text);
}

test("the unchanged texts are fine", () => {
  expect(readManifest(yaml, "a.yaml").diagnostics).toEqual([]);
  expect(readManifest(json, "a.json")).toMatchObject({ diagnostics: [], objects: [{}, {}, {}, {}] });
});

test("a mutilated manifest never throws, and every problem has a place", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(yaml, json),
      fc.array(mutation, { minLength: 1, maxLength: 6 }),
      (text, mutations) => {
        const mutated = mutate(text, mutations);
        const { objects, values, diagnostics } = readManifest(mutated, "a.yaml");
        expect(values).toHaveLength(objects.length);
        for (const { range } of diagnostics) {
          expect(range?.file).toBe("a.yaml");
          expect(range!.start.offset).toBeLessThanOrEqual(range!.end.offset);
          expect(range!.start.offset).toBeLessThanOrEqual(mutated.length);
          expect(mutated.slice(0, range!.start.offset).split("\n").length).toBe(range!.start.line);
        }
      },
    ),
    { numRuns: 3000, seed },
  );
});

test("what is read is valid, and an API server could have it", () => {
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
      for (const value of readManifest(mutate(yaml, mutations), "a.yaml").values) {
        expect(validateObject(value)).toEqual([]);
        expect(objectFromApi(value).errors).toEqual([]);
      }
    }),
    { numRuns: 1000, seed },
  );
});

test("any JSON value is validated and converted without a throw", () => {
  const leaf = fc.oneof(
    fc.constantFrom(null, true, 0, 80, -1, 1.5, "", "a", "TCP", "10.0.0.0/8", "Ingress"),
    fc.string(),
  );
  const key = fc.constantFrom(
    ..."metadata spec name namespace labels podSelector ingress egress from to ports port endPort protocol ipBlock cidr".split(
      " ",
    ),
    ..."except matchLabels matchExpressions key operator values policyTypes containers template status __proto__".split(
      " ",
    ),
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 7, withCrossShrink: true },
      leaf,
      fc.array(tie("tree"), { maxLength: 3 }),
      fc.dictionary(key, tie("tree"), { maxKeys: 5 }),
    ),
  }));
  const kinds = fc.constantFrom(
    ["networking.k8s.io/v1", "NetworkPolicy"],
    ["v1", "Pod"],
    ["v1", "Service"],
    ["v1", "Namespace"],
    ["v1", "Node"],
    ["apps/v1", "Deployment"],
    ["batch/v1", "CronJob"],
  );
  fc.assert(
    fc.property(kinds, tree, tree, tree, ([apiVersion, kind], metadata, spec, status) => {
      const value = { apiVersion, kind, metadata, spec, status };
      const errors = validateObject(value);
      const { object } = objectFromApi(value);
      // What the server would take, the engine understands.
      if (errors.length === 0) expect(object).toBeDefined();
    }),
    { numRuns: 5000, seed },
  );
});
