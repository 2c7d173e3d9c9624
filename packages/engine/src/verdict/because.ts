import { portNumbers } from "../cluster/named-port-index.ts";
import { isFinished } from "../cluster/pod-entry.ts";
import type { PeerEntry } from "../cluster/policy-entry.ts";
import type { Side } from "../cluster/resolve-flow.ts";
import type { Selection } from "../cluster/selection.ts";
import type { LabelSelectorRequirement, Labels } from "../model/labels.ts";
import type { PolicyPort } from "../model/network-policy.ts";
import { cidrContains } from "../net/cidr.ts";
import { requirementText } from "../selector/requirement.ts";
import { mismatches } from "../selector/selector.ts";
import type { Question } from "./evaluate.ts";

/** Why a peer did not match, and how many facts stand in the way. Only few misses are told, so words come last. */
export interface PeerMiss {
  readonly because: () => string;
  readonly distance: number;
}

/** A distance beyond any number of labels: no change of labels would make the peer match. */
const FAR = 1000;

/** Why a peer did not match the other side. */
export function missedPeer(peer: PeerEntry, other: Side): PeerMiss {
  if (peer.kind === "ipBlock") return missedBlock(peer, other);
  if (peer.selection === undefined) return miss(FAR, () => "the peer has no selector and matches nothing");
  if (other.entry === undefined) return miss(FAR, () => `peer must be a pod, ${notAPod(other)}`);
  return missedSelection(peer.selection, other.entry.pod.labels, other.entry.namespace);
}

const miss = (distance: number, because: () => string): PeerMiss => ({ distance, because });

function notAPod({ pod, address }: Side): string {
  if (pod === undefined) return address ? `and ${address.text} is not one` : "and there is none";
  const name = `${pod.namespace}/${pod.name}`;
  return isFinished(pod)
    ? `and ${name} is finished (${pod.phase})`
    : `and ${name} is on the host network, where selectors do not see it`;
}

function missedSelection(
  { scope, pods }: Selection,
  podLabels: Labels,
  namespace: { readonly name: string; readonly labels: Labels },
): PeerMiss {
  const ofPod = mismatches(pods, podLabels);
  const podClauses = () => ofPod.map((requirement) => labelClause(requirement, podLabels, "pod"));
  if ("namespaces" in scope) {
    const ofNamespace = mismatches(scope.namespaces, namespace.labels);
    const who = `namespace ${namespace.name}`;
    const clauses = () => ofNamespace.map((requirement) => labelClause(requirement, namespace.labels, who));
    return miss(ofNamespace.length + ofPod.length, () => [...clauses(), ...podClauses()].join("; "));
  }
  if (scope.namespace === namespace.name) return miss(ofPod.length, () => podClauses().join("; "));
  // Farther than any label: without a namespaceSelector no label of the pod would help.
  return miss(FAR / 2 + ofPod.length, () =>
    [`peer must be in namespace ${scope.namespace}, pod is in ${namespace.name}`, ...podClauses()].join("; "),
  );
}

function labelClause(requirement: LabelSelectorRequirement, labels: Labels, who: string): string {
  const { key } = requirement;
  const needs = `${who === "pod" ? "peer" : "its namespace"} needs ${requirementText(requirement)}`;
  if (Object.hasOwn(labels, key)) return `${needs}, ${who} has ${key}=${labels[key]}`;
  return who === "pod"
    ? `${needs}, pod has no label ${key}`
    : `${who} lacks label ${requirementText(requirement)}`;
}

function missedBlock({ cidr, except }: Extract<PeerEntry, { kind: "ipBlock" }>, { address }: Side): PeerMiss {
  if (address === undefined) {
    return miss(FAR, () => `peer is the block ${cidr.text}, and the other side's address is not known`);
  }
  const { family, text } = address;
  const hole = cidrContains(cidr, address) ? except.find((block) => cidrContains(block, address)) : undefined;
  if (hole !== undefined) {
    return miss(1, () => `${text} is in ${hole.text}, which the rule excepts from ${cidr.text}`);
  }
  if (cidr.family !== family) {
    return miss(FAR, () => `peer is the IPv${cidr.family} block ${cidr.text}, ${text} is IPv${family}`);
  }
  return miss(FAR, () => `peer must be in ${cidr.text}, ${text} is not`);
}

/** Words for ports of which none matched: `only port TCP 80`. */
export function missedPorts(ports: readonly PolicyPort[], { protocol, destination }: Question): string {
  const list = ports.map((port) => portText(port, destination)).join(", ");
  const only = `only port${ports.length === 1 ? "" : "s"} ${list}`;
  return protocol === "ICMP" ? `${only}, and ICMP passes only a rule without ports` : only;
}

function portText({ protocol, port, endPort }: PolicyPort, { entry, address }: Side): string {
  if (port === undefined) return `${protocol} (any)`;
  if (typeof port === "number") {
    return `${protocol} ${port}${endPort === undefined || endPort === port ? "" : `-${endPort}`}`;
  }
  const name = `${protocol} "${port}"`;
  if (entry === undefined) return `${name} (a name, and ${address?.text ?? "the destination"} is no pod)`;
  const numbers = portNumbers(entry.pod, protocol, port);
  const pod = `${entry.pod.namespace}/${entry.pod.name}`;
  return numbers.length === 0
    ? `${name} (which ${pod} does not have)`
    : `${name} (${numbers.join(", ")} on ${pod})`;
}
