/** Deployments of three tiers in a namespace for each five of them; every other namespace is closed but for one rule. */
export function manyWorkloads(count: number): string {
  const documents: string[] = [];
  for (let at = 0; at < count; at++) {
    const tier = ["web", "api", "db"][at % 3]!;
    documents.push(`apiVersion: apps/v1
kind: Deployment
metadata: {name: w${at}, namespace: ns-${Math.floor(at / 5)}}
spec:
  selector: {matchLabels: {app: w${at}}}
  template:
    metadata: {labels: {app: w${at}, tier: ${tier}}}
    spec: {containers: [{name: c, image: nginx, ports: [{containerPort: 80}]}]}
`);
  }
  for (let namespace = 0; namespace < count / 5; namespace += 2) {
    documents.push(`apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed, namespace: ns-${namespace}}
spec:
  podSelector: {}
  ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {tier: web}}}], ports: [{port: 80}]}]
`);
  }
  return documents.join("---\n");
}
