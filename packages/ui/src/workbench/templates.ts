import { yamlText } from "./yaml-text.ts";

/** A policy that many need, for a namespace of the user's choice. */
export interface Template {
  readonly title: string;
  readonly says: string;
  /** Whether it names a second namespace. */
  readonly other?: true;
  readonly name: string;
  /** The `spec`, in YAML, indented by two. */
  readonly spec: (other: string) => string;
}

const everyPod = "  podSelector: {}\n";
const ofNamespace = (name: string, indent: string) =>
  `${indent}- namespaceSelector:\n${indent}    matchLabels:\n${indent}      kubernetes.io/metadata.name: ${name}\n`;

export const templates: readonly Template[] = [
  {
    title: "Deny all ingress",
    says: "Nobody may connect to a pod of the namespace, but for what other policies allow.",
    name: "default-deny-ingress",
    spec: () => `${everyPod}  policyTypes: [Ingress]\n`,
  },
  {
    title: "Deny all egress",
    says: "No pod of the namespace may connect to anything, names included; allow DNS beside it.",
    name: "default-deny-egress",
    spec: () => `${everyPod}  policyTypes: [Egress]\n`,
  },
  {
    title: "Deny all, both ways",
    says: "Where most namespaces should begin: everything that passes has to be written down.",
    name: "default-deny",
    spec: () => `${everyPod}  policyTypes: [Ingress, Egress]\n`,
  },
  {
    title: "Allow DNS",
    says: "Every pod may ask the cluster's name servers, which mostly run in kube-system.",
    name: "allow-dns",
    spec: () =>
      `${everyPod}  policyTypes: [Egress]\n  egress:\n    - to:\n${ofNamespace("kube-system", "        ")}` +
      "      ports:\n        - {protocol: UDP, port: 53}\n        - {protocol: TCP, port: 53}\n",
  },
  {
    title: "Allow within the namespace",
    says: "Pods of the namespace may connect to each other, and nobody else to them.",
    name: "allow-same-namespace",
    spec: () => `${everyPod}  policyTypes: [Ingress]\n  ingress:\n    - from:\n        - podSelector: {}\n`,
  },
  {
    title: "Allow from another namespace",
    says: "Pods of the other namespace may connect to all pods of this one.",
    other: true,
    name: "allow-from",
    spec: (other) =>
      `${everyPod}  policyTypes: [Ingress]\n  ingress:\n    - from:\n${ofNamespace(other, "        ")}`,
  },
  {
    title: "Allow to another namespace",
    says: "Pods of this namespace may connect to all pods of the other one.",
    other: true,
    name: "allow-to",
    spec: (other) =>
      `${everyPod}  policyTypes: [Egress]\n  egress:\n    - to:\n${ofNamespace(other, "        ")}`,
  },
  {
    title: "Allow to the internet, but not to cloud metadata",
    says: "Every address but private ones and 169.254.169.254, where clouds keep credentials.",
    name: "allow-internet",
    spec: () => `${everyPod}  policyTypes: [Egress]
  egress:
    - to:
        - ipBlock:
            cidr: 0.0.0.0/0
            except: [10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 169.254.0.0/16]
        - ipBlock:
            cidr: ::/0
            except: ["fc00::/7", "fe80::/10"]
`,
  },
];

/** The manifest of a template, and a name for its file. Its policy is called like none of `taken`, `namespace/name`. */
export function fromTemplate(
  { name, spec, other }: Template,
  namespace: string,
  otherNamespace: string,
  taken: ReadonlySet<string> = new Set(),
): { readonly file: string; readonly text: string } {
  const wanted = other === true ? `${name}-${otherNamespace}` : name;
  let own = wanted;
  for (let number = 2; taken.has(`${namespace}/${own}`); number++) own = `${wanted}-${number}`;
  return {
    file: `${namespace}-${own}.yaml`,
    text: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: ${own}
  namespace: ${yamlText(namespace)}
spec:
${spec(yamlText(otherNamespace))}`,
  };
}
