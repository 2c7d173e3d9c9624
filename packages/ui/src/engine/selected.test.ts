import { expect, test } from "vitest";
import { World } from "./world.ts";

const pod = (namespace: string, name: string, spec = "") => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${namespace}, labels: {app: ${name}}}
spec: {${spec}containers: [{name: c, image: nginx}]}
---
`;
const policy = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress:
    - from:
        - podSelector: {}
        - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ops}}
        - namespaceSelector: {}
          podSelector: {matchLabels: {app: agent}}
        - ipBlock: {cidr: 10.0.0.0/8}
`;
const cluster = [
  pod("shop", "web"),
  pod("shop", "db"),
  pod("shop", "host", "hostNetwork: true, "),
  pod("ops", "agent"),
  pod("ops", "web"),
].join("");

function world(text = policy): World {
  const made = new World();
  made.load([
    { file: "pods.yaml", text: cluster },
    { file: "policy.yaml", text },
  ]);
  return made;
}

test("whom each selector of a policy picks: never pods of a node's network", () => {
  const at = (...path: (string | number)[]) => world().selectedAt("policy.yaml", 100, ["spec", ...path]);
  expect(at("podSelector", "matchLabels", "app")).toMatchObject({ pods: ["shop/web"], podCount: 1 });
  expect(at("ingress", 0, "from", 0)).toMatchObject({ pods: ["shop/db", "shop/web"], podCount: 2 });
  expect(at("ingress", 0, "from", 1, "namespaceSelector")).toMatchObject({
    pods: ["ops/agent", "ops/web"],
    namespaces: ["ops"],
    namespaceCount: 1,
  });
  expect(at("ingress", 0, "from", 2, "podSelector")).toMatchObject({
    title: "picks, both holding",
    pods: ["ops/agent"],
  });
  for (const path of [
    ["ingress", 0, "from", 3],
    ["ingress", 9, "from", 0],
    ["egress"],
    ["ingress", "constructor", "from", 0],
  ])
    expect(at(...path)).toBeUndefined();
  expect(world().selectedAt("pods.yaml", 10, ["spec", "podSelector"])).toBeUndefined();
  expect(world("kind: [").selectedAt("policy.yaml", 3, ["spec", "podSelector"])).toBeUndefined();
});

test("names beyond the first are counted", () => {
  const made = world();
  made.edit("more.yaml", Array.from({ length: 20 }, (_, at) => pod("shop", `p${at}`)).join(""));
  const selected = made.selectedAt("policy.yaml", 100, ["spec", "ingress", 0, "from", 0]);
  expect(selected?.pods).toHaveLength(12);
  expect(selected?.podCount).toBe(22);
});

test("where peers are OR-ed and their selectors AND-ed", () => {
  const hints = world().peerHints("policy.yaml");
  expect(hints.map(({ offset, says }) => [policy.slice(offset, offset + 11), says])).toEqual([
    ["namespaceSe", "either"],
    ["namespaceSe", "either, both"],
    ["ipBlock: {c", "either"],
  ]);
  expect(world().peerHints("pods.yaml")).toEqual([]);
});
