import type {
  LabelSelector,
  Namespace,
  NetworkPolicy,
  Peer,
  Pod,
  PolicyPort,
  PolicyRule,
} from "@portcullis/engine";

/** A Kubernetes object as plain data, as one would write it. */
export function manifestOf(object: Namespace | Pod | NetworkPolicy): object {
  switch (object.kind) {
    case "Namespace":
      return { apiVersion: "v1", kind: "Namespace", metadata: { name: object.name, labels: object.labels } };
    case "Pod":
      return podManifest(object);
    case "NetworkPolicy":
      return policyManifest(object);
  }
}

/** Documents in YAML's block style, strings quoted where they need to be. */
export function yamlOf(manifests: readonly object[]): string {
  return manifests.map((manifest) => `---\n${block(manifest, "")}`).join("");
}

function podManifest({ name, namespace, labels, ports, addresses, nodeName }: Pod): object {
  const containerPorts = ports.map(({ name, port, protocol }) => ({ containerPort: port, protocol, name }));
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels },
    spec: {
      nodeName,
      containers: [{ name: "c", image: "registry.k8s.io/pause:3.10", ports: containerPorts }],
    },
    status: {
      phase: "Running",
      podIP: addresses[0]?.text,
      podIPs: addresses.map(({ text }) => ({ ip: text })),
    },
  };
}

function policyManifest({
  name,
  namespace,
  podSelector,
  policyTypes,
  ingress,
  egress,
}: NetworkPolicy): object {
  const spec = {
    podSelector: selector(podSelector),
    policyTypes,
    ...(ingress.length > 0 ? { ingress: ingress.map((each) => rule(each, "from")) } : {}),
    ...(egress.length > 0 ? { egress: egress.map((each) => rule(each, "to")) } : {}),
  };
  return { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: { name, namespace }, spec };
}

function rule({ peers, ports }: PolicyRule, side: "from" | "to"): object {
  return {
    ...(peers.length > 0 ? { [side]: peers.map(peerOf) } : {}),
    ...(ports.length > 0 ? { ports: ports.map(portOf) } : {}),
  };
}

function peerOf(peer: Peer): object {
  if (peer.kind === "ipBlock") {
    const except = peer.except.map(({ text }) => text);
    return { ipBlock: { cidr: peer.cidr.text, ...(except.length > 0 ? { except } : {}) } };
  }
  const { namespaceSelector, podSelector } = peer;
  return {
    ...(namespaceSelector === undefined ? {} : { namespaceSelector: selector(namespaceSelector) }),
    ...(podSelector === undefined ? {} : { podSelector: selector(podSelector) }),
  };
}

function portOf({ protocol, port, endPort }: PolicyPort): object {
  return { protocol, ...(port === undefined ? {} : { port }), ...(endPort === undefined ? {} : { endPort }) };
}

function selector({ matchLabels, matchExpressions }: LabelSelector): object {
  return {
    ...(Object.keys(matchLabels).length > 0 ? { matchLabels } : {}),
    ...(matchExpressions.length > 0 ? { matchExpressions } : {}),
  };
}

/** `value` as lines that begin with `indent`; scalars and empty collections go on the line of their key. */
function block(value: object, indent: string): string {
  if (Array.isArray(value)) {
    // The first line of an item gives up two blanks of its indent for the dash.
    return value
      .map((item) => `${indent}- ${entry(item, `${indent}  `).trimStart().replace(/^\n/, "")}`)
      .join("");
  }
  return Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .map(([key, each]) => `${indent}${scalar(key)}:${entry(each, `${indent}  `)}`)
    .join("");
}

function entry(value: unknown, indent: string): string {
  if (typeof value !== "object" || value === null) return ` ${scalar(value)}\n`;
  if (Object.keys(value).length === 0) return Array.isArray(value) ? " []\n" : " {}\n";
  return `\n${block(value, indent)}`;
}

const plain = /^[A-Za-z][A-Za-z0-9./-]*$/;
const reserved = /^(?:y|n|yes|no|on|off|true|false|null)$/i;

function scalar(value: unknown): string {
  const isPlain = typeof value === "string" && plain.test(value) && !reserved.test(value);
  return isPlain ? value : JSON.stringify(value);
}
