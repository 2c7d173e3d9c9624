// Short ways to write objects in tests.
import type { LabelSelector, Labels } from "../model/labels.ts";
import type { NetworkPolicy, Peer, PolicyPort, PolicyRule } from "../model/network-policy.ts";
import type { ClusterObject, ContainerPort, Namespace, Node, Pod, Service } from "../model/objects.ts";
import type { FlowProtocol } from "../model/protocol.ts";
import { type Address, parseAddress } from "../net/address.ts";
import { parseCidr } from "../net/cidr.ts";
import type { Endpoint, Flow } from "../verdict/verdict.ts";
import { Cluster } from "./cluster.ts";

export const ip = (text: string): Address => parseAddress(text)!;

/** `pod("shop/web", { app: "web" }, ["10.0.0.1"])`. */
export function pod(key: string, labels: Labels, ips: readonly string[], more: Partial<Pod> = {}): Pod {
  const [namespace, name] = split(key);
  return {
    kind: "Pod",
    namespace,
    name,
    labels,
    addresses: ips.map(ip),
    hostNetwork: false,
    phase: "Running",
    ports: [],
    ...more,
  };
}

export function namespace(name: string, labels: Labels): Namespace {
  return { kind: "Namespace", name, labels };
}

export function node(name: string, ips: readonly string[]): Node {
  return { kind: "Node", name, addresses: ips.map(ip) };
}

export function service(key: string, more: Partial<Service>): Service {
  const [namespaceName, name] = split(key);
  return {
    kind: "Service",
    namespace: namespaceName,
    name,
    clusterIPs: [],
    headless: false,
    ports: [],
    ...more,
  };
}

/** A policy with the directions that it has rules for; `ingress: []` isolates, an absent one does not. */
export function policy(
  key: string,
  podSelector: LabelSelector,
  rules: { readonly ingress?: readonly PolicyRule[]; readonly egress?: readonly PolicyRule[] },
): NetworkPolicy {
  const [namespaceName, name] = split(key);
  return {
    kind: "NetworkPolicy",
    namespace: namespaceName,
    name,
    podSelector,
    policyTypes: [
      ...(rules.ingress ? ["Ingress" as const] : []),
      ...(rules.egress ? ["Egress" as const] : []),
    ],
    ingress: rules.ingress ?? [],
    egress: rules.egress ?? [],
  };
}

/** `rule([pods({ app: "web" })], [tcp(80)])`. */
export const rule = (peers: readonly Peer[], ports: readonly PolicyPort[] = []): PolicyRule => ({
  peers,
  ports,
});

export const everything: LabelSelector = { matchLabels: {}, matchExpressions: [] };
export const labelled = (matchLabels: Labels): LabelSelector => ({ matchLabels, matchExpressions: [] });
export const pods = (labels: Labels): Peer => ({ kind: "pods", podSelector: labelled(labels) });
export const namespaces = (labels: Labels): Peer => ({ kind: "pods", namespaceSelector: labelled(labels) });
export const podsIn = (namespaceLabels: Labels, podLabels: Labels): Peer => ({
  kind: "pods",
  namespaceSelector: labelled(namespaceLabels),
  podSelector: labelled(podLabels),
});
export const block = (cidr: string, ...except: string[]): Peer => ({
  kind: "ipBlock",
  cidr: parseCidr(cidr)!,
  except: except.map((text) => parseCidr(text)!),
});
export const tcp = (port: number | string, endPort?: number): PolicyPort => ({
  protocol: "TCP",
  port,
  ...(endPort !== undefined && { endPort }),
});
export const udp = (port: number | string): PolicyPort => ({ protocol: "UDP", port });
export const named = (
  name: string,
  port: number,
  protocol: ContainerPort["protocol"] = "TCP",
): ContainerPort => ({
  name,
  port,
  protocol,
});

export function clusterOf(...objects: readonly ClusterObject[]): Cluster {
  const cluster = new Cluster();
  for (const object of objects) cluster.upsert(object);
  return cluster;
}

/** An endpoint by `namespace/name` or by address. */
export function end(cluster: Cluster, text: string): Endpoint {
  const address = parseAddress(text);
  if (address !== undefined) return { address };
  const known = cluster.get("Pod", ...split(text));
  if (known === undefined) throw new Error(`the test has no pod ${text}`);
  return { pod: known };
}

/** `flow(cluster, "default/web", "10.0.0.2", 80)`; port 0 asks for ICMP. */
export function flow(
  cluster: Cluster,
  from: string,
  to: string,
  port: number,
  protocol: FlowProtocol = port === 0 ? "ICMP" : "TCP",
): Flow {
  return { source: end(cluster, from), destination: end(cluster, to), protocol, port };
}

function split(key: string): [string, string] {
  const slash = key.indexOf("/");
  return [key.slice(0, slash), key.slice(slash + 1)];
}
