import { Cluster, PortSet, reachSummary, readManifests } from "@portcullis/engine";
import { type KubeObject, resources } from "@portcullis/kube";
import { expect, test } from "vitest";
import { clusterFromApi } from "../world/cluster-from-api.ts";
import { MemoryKubeClient } from "../world/memory-kube-client.testing.ts";
import { worldFiles } from "./world-files.ts";

const pod = (name: string): KubeObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name,
    namespace: "shop",
    uid: "1",
    resourceVersion: "7",
    labels: { app: name },
    ownerReferences: [
      { apiVersion: "apps/v1", kind: "ReplicaSet", name: `${name}-x`, uid: "2", controller: true },
    ],
  },
  spec: { containers: [{ name: "c", image: "nginx", ports: [{ containerPort: 80, name: "http" }] }] },
  status: { phase: "Running", podIPs: [{ ip: name === "web" ? "10.0.0.1" : "10.0.0.2" }] },
});
const policy: KubeObject = {
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: {
    name: "db",
    namespace: "shop",
    uid: "3",
    resourceVersion: "8",
    annotations: { "kubectl.kubernetes.io/last-applied-configuration": "{}", team: "shop" },
    managedFields: [],
  },
  spec: { podSelector: { matchLabels: { app: "db" } }, policyTypes: ["Ingress"] },
};

test("a cluster as files means what the cluster means", async () => {
  const client = new MemoryKubeClient();
  for (const object of [pod("web"), pod("db")]) await client.create(resources.pods, object);
  await client.create(resources.networkpolicies, policy);
  const files = await worldFiles(client);
  expect(files.map(({ file }) => file)).toEqual(["shop/db.yaml", "cluster.json"]);
  expect(files[0]!.text).toBe(`apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: db
  namespace: shop
  annotations:
    team: shop
spec:
  podSelector:
    matchLabels:
      app: db
  policyTypes:
  - Ingress
`);
  const { objects, diagnostics } = readManifests(files);
  expect(diagnostics).toEqual([]);
  const cluster = new Cluster();
  for (const object of objects) cluster.upsert(object);
  const { cluster: direct } = await clusterFromApi(client);
  expect(reachSummary(cluster, PortSet.all)).toEqual(reachSummary(direct, PortSet.all));
  const listed = (of: Cluster) => of.pods().map(({ range: _, ...rest }) => rest);
  expect(listed(cluster)).toEqual(listed(direct));
});
