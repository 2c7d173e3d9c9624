// The situation of a first tutorial, read from real manifests so that files and lines are real.
import { Cluster } from "../../cluster/cluster.ts";
import { pod } from "../../cluster/objects.testing.ts";
import { readManifest } from "../../manifest/read-manifest.ts";

export const files: Readonly<Record<string, string>> = {
  "default-deny.yaml": `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
`,
  "frontend-policy.yaml": `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: frontend-policy
spec:
  podSelector:
    matchLabels: {run: frontend}
  policyTypes: [Egress]
  egress:
    - to:
        - podSelector:
            matchLabels: {run: backend}
`,
  "backend-policy.yaml": `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: backend-policy
spec:
  podSelector:
    matchLabels: {run: backend}
  ingress:
    - from:
        - podSelector:
            matchLabels: {run: frontend}
      ports:
        - port: 80
        - port: 8000
          endPort: 8010
    - from:
        - namespaceSelector:
            matchLabels: {project: x}
        - ipBlock:
            cidr: 172.17.0.0/16
            except: [172.17.1.0/24]
      ports:
        - port: http
`,
};

/** Pods frontend, backend, admin and shop/client; the policies of the named files. */
export function tutorial(...names: readonly (keyof typeof files)[]): Cluster {
  const cluster = new Cluster();
  cluster.upsert(pod("default/frontend", { run: "frontend" }, ["10.1.0.1"]));
  cluster.upsert(pod("default/backend", { run: "backend" }, ["10.1.0.2"]));
  cluster.upsert(pod("default/admin", {}, ["10.9.0.1"], { hostNetwork: true }));
  cluster.upsert(pod("default/done", { run: "job" }, [], { phase: "Succeeded" }));
  cluster.upsert(pod("shop/client", { role: "client" }, []));
  for (const name of names) {
    const { objects, diagnostics } = readManifest(files[name]!, name);
    if (diagnostics.length > 0) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
    for (const object of objects) cluster.upsert(object);
  }
  return cluster;
}
