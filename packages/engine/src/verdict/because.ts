import { portNumbers } from "../cluster/named-port-index.ts";
import { isFinished } from "../cluster/pod-entry.ts";
import type { PeerEntry } from "../cluster/policy-entry.ts";
import type { Side } from "../cluster/resolve-flow.ts";
import type { Selection } from "../cluster/selection.ts";
import type { Labels } from "../model/labels.ts";
import type { PolicyPort } from "../model/network-policy.ts";
import { cidrContains } from "../net/cidr.ts";
import { requirementText } from "../selector/requirement.ts";
import { type CompiledSelector, mismatches } from "../selector/selector.ts";
import type { Question } from "./evaluate.ts";

/** Why a peer did not match, in one clause, and how many facts stand in the way. */
export interface PeerMiss {
  readonly because: string;
  readonly distance: number;
}

/** A distance beyond any number of labels: no change of labels would make the peer match. */
const FAR = 1000;

/** Words for a peer that did not match the other side. */
export function missedPeer(peer: PeerEntry, other: Side): PeerMiss {
  if (peer.kind === "ipBlock") return missedBlock(peer, other);
  if (peer.selection === undefined)
    return { because: "the peer has no selector and matches nothing", distance: FAR };
  if (other.entry === undefined) return { because: `peer must be a pod, ${notAPod(other)}`, distance: FAR };
  return missedSelection(peer.selection, other.entry.pod.labels, other.entry.namespace);
}

function notAPod({ endpoint: { pod, address } }: Side): string {
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
  const labels = missedLabels(pods, podLabels, "pod");
  if ("namespaces" in scope) {
    const clauses = [
      ...missedLabels(scope.namespaces, namespace.labels, `namespace ${namespace.name}`),
      ...labels,
    ];
    return { because: clauses.join("; "), distance: clauses.length };
  }
  if (scope.namespace === namespace.name) return { because: labels.join("; "), distance: labels.length };
  const elsewhere = `peer must be in namespace ${scope.namespace}, pod is in ${namespace.name}`;
  // Farther than any label: without a namespaceSelector no label of the pod would help.
  return { because: [elsewhere, ...labels].join("; "), distance: FAR / 2 + labels.length };
}

function missedLabels(selector: CompiledSelector, labels: Labels, who: string): string[] {
  return mismatches(selector, labels).map((requirement) => {
    const { key, operator } = requirement;
    const has = Object.hasOwn(labels, key);
    if (operator === "DoesNotExist" || operator === "NotIn") {
      return `${subject(who)} ${requirementText(requirement)}, ${who} has ${key}=${labels[key]}`;
    }
    if (who !== "pod" && !has) return `${who} lacks label ${requirementText(requirement)}`;
    return `${subject(who)} ${requirementText(requirement)}, ${who} has ${has ? `${key}=${labels[key]}` : `no label ${key}`}`;
  });
}

const subject = (who: string): string => (who === "pod" ? "peer needs" : "its namespace needs");

function missedBlock(
  { cidr, except }: Extract<PeerEntry, { kind: "ipBlock" }>,
  { endpoint }: Side,
): PeerMiss {
  const { address } = endpoint;
  if (address === undefined) {
    return {
      because: `peer is the block ${cidr.text}, and the other side's address is not known`,
      distance: FAR,
    };
  }
  const hole = cidrContains(cidr, address) ? except.find((block) => cidrContains(block, address)) : undefined;
  if (hole !== undefined) {
    return {
      because: `${address.text} is in ${hole.text}, which the rule excepts from ${cidr.text}`,
      distance: 1,
    };
  }
  if (cidr.family !== address.family) {
    return {
      because: `peer is the IPv${cidr.family} block ${cidr.text}, ${address.text} is IPv${address.family}`,
      distance: FAR,
    };
  }
  return { because: `peer must be in ${cidr.text}, ${address.text} is not`, distance: FAR };
}

/** Words for ports of which none matched: `only port TCP 80`. */
export function missedPorts(ports: readonly PolicyPort[], { protocol, destination }: Question): string {
  const list = ports.map((port) => portText(port, destination)).join(", ");
  const only = `only port${ports.length === 1 ? "" : "s"} ${list}`;
  return protocol === "ICMP" ? `${only}, and ICMP passes only a rule without ports` : only;
}

function portText({ protocol, port, endPort }: PolicyPort, { entry, endpoint }: Side): string {
  if (port === undefined) return `${protocol} (any)`;
  if (typeof port === "number") {
    return `${protocol} ${port}${endPort === undefined || endPort === port ? "" : `-${endPort}`}`;
  }
  const name = `${protocol} "${port}"`;
  if (entry === undefined)
    return `${name} (a name, and ${endpoint.address?.text ?? "the destination"} is no pod)`;
  const numbers = portNumbers(entry.pod, protocol, port);
  const pod = `${entry.pod.namespace}/${entry.pod.name}`;
  return numbers.length === 0
    ? `${name} (which ${pod} does not have)`
    : `${name} (${numbers.join(", ")} on ${pod})`;
}
