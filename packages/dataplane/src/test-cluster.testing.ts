import { Cluster, readManifest } from "@portcullis/engine";
import { addresses } from "./test-node.testing.ts";

const pod = (name: "web" | "api" | "job" | "remote", node: string) => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, labels: {app: ${name}}}
spec: {nodeName: ${node}, containers: [{name: c, image: x}]}
status: {podIPs: [${addresses[name].map((ip) => `{ip: "${ip}"}`).join()}]}
`;

/** The pods of the test's node and of the other one, with policies. */
export function clusterOf(...policies: readonly string[]): Cluster {
  const pods = [pod("web", "here"), pod("api", "here"), pod("job", "here"), pod("remote", "there")];
  const { objects, diagnostics } = readManifest([...pods, ...policies].join("\n---\n"), "test.yaml");
  if (diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics));
  const cluster = new Cluster();
  for (const object of objects) cluster.upsert(object);
  return cluster;
}

export function localProgram(cluster: Cluster) {
  return cluster.program({ node: "here" });
}

/** Only web reaches api, at port 80. */
export const apiFromWeb = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: api}
spec:
  podSelector: {matchLabels: {app: api}}
  policyTypes: [Ingress]
  ingress:
  - from: [{podSelector: {matchLabels: {app: web}}}]
    ports: [{port: 80}, {port: 80, protocol: UDP}]
`;

/** job reaches api and nothing else. */
export const jobToApi = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: job}
spec:
  podSelector: {matchLabels: {app: job}}
  policyTypes: [Egress]
  egress: [{to: [{podSelector: {matchLabels: {app: api}}}]}]
`;
