import { expect, test } from "vitest";
import type { Vocabulary } from "../engine/protocol.ts";
import { proposals } from "./proposals.ts";

const vocabulary: Vocabulary = {
  namespaces: ["ops", "shop"],
  labels: {
    "": { "kubernetes.io/metadata.name": ["ops", "shop"], team: ["blue"] },
    ops: { job: ["scrape"], app: ["agent"] },
    shop: { app: ["frontend", "backend"], canary: ["true"] },
  },
  portNames: ["http", "metrics"],
};

const head = "kind: NetworkPolicy\nmetadata: {name: a, namespace: shop}\nspec:\n";

/** What is written when each proposal is taken at the bar. */
function written(text: string): readonly string[] {
  const offset = text.indexOf("|");
  const found = proposals(text.replace("|", ""), offset, vocabulary);
  return found?.list.map(({ insert }) => insert) ?? [];
}

test("fields where fields belong", () => {
  expect(written(`${head}  |`)).toEqual(["podSelector:", "policyTypes:", "ingress:", "egress:"]);
  expect(written(`${head}  ingress:\n  - |`)).toEqual(["from:", "ports:"]);
  expect(written(`${head}  egress: [{|`)).toEqual(["to:", "ports:"]);
  expect(written(`${head}  ingress:\n  - from:\n    - |`)).toContain("namespaceSelector:");
  expect(written(`${head}  policyTypes:\n  - |`)).toEqual(["Ingress", "Egress"]);
  expect(written("|")).toEqual(["apiVersion: ", "kind: "]);
  expect(written("kind: |")).toContain("NetworkPolicy");
  expect(written("kind: ConfigMap\ndata:\n  |")).toEqual([]);
});

test("labels that pods have, the own namespace's first", () => {
  expect(written(`${head}  podSelector:\n    matchLabels:\n      |`)).toEqual(["app: ", "canary: ", "job: "]);
  expect(written(`${head}  podSelector: {matchLabels: {app: |`)).toEqual(["frontend", "backend", "agent"]);
  expect(written(`${head}  podSelector: {matchLabels: {canary: |`)).toEqual(['"true"']);
  expect(written(`${head}  podSelector: {matchLabels: {app:|`)).toEqual([" frontend", " backend", " agent"]);
  expect(written(`${head}  podSelector: {matchLabels: {constructor: |`)).toEqual([]);
  expect(written(`${head}  podSelector:\n    matchExpressions:\n    - key: |`)).toEqual([
    "app",
    "canary",
    "job",
  ]);
  expect(written(`${head}  podSelector:\n    matchExpressions:\n    - {key: app, operator: N|`)).toContain(
    "NotIn",
  );
});

test("namespaces' own labels in a namespaceSelector, ports' names in a port, namespaces in the metadata", () => {
  const from = `${head}  ingress:\n  - from:\n    - namespaceSelector:\n        matchLabels:\n          `;
  expect(written(`${from}|`)).toEqual(["kubernetes.io/metadata.name: ", "team: "]);
  expect(written(`${from}kubernetes.io/metadata.name: |`)).toEqual(["ops", "shop"]);
  expect(written(`${head}  ingress:\n  - ports:\n    - port: |`)).toEqual(["http", "metrics"]);
  expect(written("kind: NetworkPolicy\nmetadata:\n  namespace: |")).toEqual(["ops", "shop"]);
});
