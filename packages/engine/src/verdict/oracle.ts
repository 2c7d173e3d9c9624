// A literal, slow reading of the API reference of networking.k8s.io/v1, kept for ever as the measure of everything
// faster. It shares nothing with the fast code: model types only, plain loops, its own matching of labels and prefixes.
// Names in the comments are fields of the API reference.
import type { LabelSelector, Labels } from "../model/labels.ts";
import type { Direction, NetworkPolicy, Peer, PolicyPort, PolicyRule } from "../model/network-policy.ts";
import type { Namespace, Node, Pod } from "../model/objects.ts";
import type { Address } from "../net/address.ts";
import type { Cidr } from "../net/cidr.ts";
import type { Endpoint, Flow } from "./verdict.ts";

/** The objects of a cluster, in any order; at most one of each name. */
export interface OracleCluster {
  readonly namespaces: readonly Namespace[];
  readonly nodes: readonly Node[];
  readonly pods: readonly Pod[];
  readonly policies: readonly NetworkPolicy[];
}

/** May the flow pass? Equal to `Cluster.allows` on the same objects, by test. */
export function oracle(cluster: OracleCluster, flow: Flow): boolean {
  const { source, destination } = withAddresses(
    cluster,
    identify(cluster, flow.source),
    identify(cluster, flow.destination),
  );
  const resolved = { ...flow, source, destination };
  if (isItself(source, destination)) return true;
  return egressAllows(cluster, resolved) && ingressAllows(cluster, resolved);
}

function egressAllows(cluster: OracleCluster, flow: Flow): boolean {
  const pod = enforcedPod(flow.source);
  return pod === undefined || directionAllows(cluster, "Egress", pod, flow.destination, flow);
}

function ingressAllows(cluster: OracleCluster, flow: Flow): boolean {
  const pod = enforcedPod(flow.destination);
  if (pod === undefined || isOnNode(cluster, flow.source, pod.nodeName)) return true;
  return directionAllows(cluster, "Ingress", pod, flow.source, flow);
}

/** policyTypes: a pod is isolated when any policy of the direction selects it; then some rule of one must match. */
function directionAllows(
  cluster: OracleCluster,
  direction: Direction,
  pod: Pod,
  other: Endpoint,
  flow: Flow,
): boolean {
  const isolating = cluster.policies.filter(
    (policy) =>
      policy.staged !== true &&
      policy.namespace === pod.namespace &&
      policy.policyTypes.includes(direction) &&
      selectorMatches(policy.podSelector, pod.labels),
  );
  if (isolating.length === 0) return true;
  return isolating.some((policy) => {
    const rules = direction === "Ingress" ? policy.ingress : policy.egress;
    return rules.some((rule) => ruleMatches(cluster, policy, rule, other, flow));
  });
}

/** NetworkPolicyIngressRule.from and .ports, NetworkPolicyEgressRule.to and .ports: an empty list matches everything. */
function ruleMatches(
  cluster: OracleCluster,
  policy: NetworkPolicy,
  rule: PolicyRule,
  other: Endpoint,
  flow: Flow,
): boolean {
  const peerMatch =
    rule.peers.length === 0 || rule.peers.some((peer) => peerMatches(cluster, policy, peer, other));
  const portMatch = rule.ports.length === 0 || rule.ports.some((port) => portMatches(port, flow));
  return peerMatch && portMatch;
}

/** NetworkPolicyPeer: ipBlock, or podSelector and namespaceSelector. */
function peerMatches(cluster: OracleCluster, policy: NetworkPolicy, peer: Peer, other: Endpoint): boolean {
  if (peer.kind === "ipBlock") {
    const { address } = other;
    if (address === undefined) return false;
    return inBlock(peer.cidr, address) && !peer.except.some((except) => inBlock(except, address));
  }
  const pod = enforcedPod(other);
  if (pod === undefined) return false;
  const { podSelector, namespaceSelector } = peer;
  if (namespaceSelector !== undefined) {
    if (!selectorMatches(namespaceSelector, namespaceLabels(cluster, pod.namespace))) return false;
    return podSelector === undefined || selectorMatches(podSelector, pod.labels);
  }
  if (podSelector === undefined) return false;
  return pod.namespace === policy.namespace && selectorMatches(podSelector, pod.labels);
}

/** NetworkPolicyPort: protocol, port (a number, a name, or absent for all), endPort. */
function portMatches(policyPort: PolicyPort, flow: Flow): boolean {
  if (policyPort.protocol !== flow.protocol) return false;
  if (policyPort.port === undefined) return true;
  if (typeof policyPort.port === "string") {
    const pod = enforcedPod(flow.destination);
    if (pod === undefined) return false;
    for (const { name, protocol, port } of pod.ports) {
      if (name === policyPort.port && protocol === flow.protocol && port === flow.port) return true;
    }
    return false;
  }
  if (policyPort.endPort === undefined) return flow.port === policyPort.port;
  return flow.port >= policyPort.port && flow.port <= policyPort.endPort;
}

/** LabelSelector: matchLabels AND matchExpressions. */
function selectorMatches(selector: LabelSelector, labels: Labels): boolean {
  const has = (key: string) => Object.keys(labels).includes(key);
  for (const [key, value] of Object.entries(selector.matchLabels)) {
    if (!has(key) || labels[key] !== value) return false;
  }
  for (const { key, operator, values } of selector.matchExpressions) {
    const among = has(key) && values.some((value) => labels[key] === value);
    if (operator === "In" && !among) return false;
    if (operator === "NotIn" && among) return false;
    if (operator === "Exists" && !has(key)) return false;
    if (operator === "DoesNotExist" && has(key)) return false;
  }
  return true;
}

/** Every namespace carries kubernetes.io/metadata.name, also one whose object was never seen. */
function namespaceLabels(cluster: OracleCluster, name: string): Labels {
  const labels: Record<string, string> = {};
  for (const namespace of cluster.namespaces) {
    if (namespace.name === name) Object.assign(labels, namespace.labels);
  }
  labels["kubernetes.io/metadata.name"] = name;
  return labels;
}

/** IPBlock.cidr: the leading bits are the same. */
function inBlock(cidr: Cidr, address: Address): boolean {
  if (cidr.family !== address.family) return false;
  const hostBits = BigInt((cidr.family === 4 ? 32 : 128) - cidr.prefix);
  return address.value >> hostBits === cidr.first >> hostBits;
}

/** The pod of an endpoint if policies apply to it: not on the host network, not finished. */
function enforcedPod({ pod }: Endpoint): Pod | undefined {
  return pod === undefined || pod.hostNetwork || finished(pod) ? undefined : pod;
}

function finished(pod: Pod): boolean {
  return pod.phase === "Succeeded" || pod.phase === "Failed";
}

/** A pod may always reach itself; a workload's entry is one pod if it has one replica or the addresses are the same. */
function isItself(source: Endpoint, destination: Endpoint): boolean {
  if (!source.pod || !destination.pod || !isSamePod(source.pod, destination.pod)) return false;
  const { workload } = source.pod;
  const sameAddress = source.address !== undefined && source.address.text === destination.address?.text;
  return workload === undefined || workload.replicas === 1 || sameAddress;
}

function isSamePod(a: Pod, b: Pod): boolean {
  return fullName(a) === fullName(b);
}

/** A node reaches its own pods: by an address of the node, or from a pod that uses the node's network. */
function isOnNode(cluster: OracleCluster, { pod, address }: Endpoint, nodeName: string | undefined): boolean {
  if (nodeName === undefined) return false;
  if (pod?.hostNetwork && !finished(pod) && pod.nodeName === nodeName) return true;
  if (address === undefined) return false;
  const hostPods = cluster.pods.filter(
    (candidate) => candidate.hostNetwork && !finished(candidate) && candidate.nodeName === nodeName,
  );
  const nodes = cluster.nodes.filter(({ name }) => name === nodeName);
  return [...hostPods, ...nodes].some(({ addresses }) => addresses.some(({ text }) => text === address.text));
}

/** The cluster's own pod of the name, or of the address. */
function identify(cluster: OracleCluster, { pod, address }: Endpoint): Endpoint {
  const known =
    pod === undefined
      ? address && owner(cluster, address)
      : (cluster.pods.find((candidate) => isSamePod(candidate, pod)) ?? pod);
  return { ...(known && { pod: known }), ...(address && { address }) };
}

/** While two pods claim an address, the one whose name sorts first has it. */
function owner(cluster: OracleCluster, address: Address): Pod | undefined {
  return cluster.pods
    .filter((pod) => enforcedPod({ pod }) && pod.addresses.some(({ text }) => text === address.text))
    .sort((a, b) => (fullName(a) < fullName(b) ? -1 : 1))[0];
}

/** Chooses an address of a common family, IPv4 first, for a side that has none yet; without one, its own first. */
function withAddresses(cluster: OracleCluster, source: Endpoint, destination: Endpoint) {
  const from = possibleAddresses(cluster, source);
  const to = possibleAddresses(cluster, destination);
  for (const family of [4, 6]) {
    const a = from.find((address) => address.family === family);
    const b = to.find((address) => address.family === family);
    if (a && b) return { source: { ...source, address: a }, destination: { ...destination, address: b } };
  }
  return { source: withFirst(source, from), destination: withFirst(destination, to) };
}

function withFirst(endpoint: Endpoint, addresses: readonly Address[]): Endpoint {
  const address = addresses.find(({ family }) => family === 4) ?? addresses[0];
  return address === undefined ? endpoint : { ...endpoint, address };
}

function possibleAddresses(cluster: OracleCluster, { pod, address }: Endpoint): readonly Address[] {
  if (address !== undefined) return [address];
  if (pod === undefined || finished(pod)) return [];
  if (pod.hostNetwork) {
    if (pod.addresses.length > 0) return pod.addresses;
    return cluster.nodes.find(({ name }) => name === pod.nodeName)?.addresses ?? [];
  }
  const owned = pod.addresses.filter((candidate) => {
    const claimant = owner(cluster, candidate);
    return claimant === undefined || isSamePod(claimant, pod);
  });
  return owned;
}

/** A Deployment and a Job of one name are two peers. */
function fullName({ namespace, name, workload }: Pod): string {
  return workload === undefined ? `${namespace}/${name}` : `${namespace}/${workload.kind}/${name}`;
}
