import { hasNamedPort } from "../cluster/named-port-index.ts";
import { type PodEntry, policiesOf } from "../cluster/pod-entry.ts";
import type { PeerEntry, PolicyEntry, RuleEntry } from "../cluster/policy-entry.ts";
import type { Side } from "../cluster/resolve-flow.ts";
import type { Selection } from "../cluster/selection.ts";
import type { StagedPolicies } from "../cluster/staged-policies.ts";
import type { Direction, PolicyPort } from "../model/network-policy.ts";
import type { FlowProtocol } from "../model/protocol.ts";
import type { Address } from "../net/address.ts";
import { cidrContains } from "../net/cidr.ts";
import type { Reason } from "./verdict.ts";

/** A flow with both sides resolved. */
export interface Question {
  readonly source: Side;
  readonly destination: Side;
  readonly protocol: FlowProtocol;
  readonly port: number;
  /** Policies that are asked as if they were in force; absent for what is. */
  readonly staged?: StagedPolicies | undefined;
}

/** Index of what matched in a rule's list; ANY when the list is empty and so takes all; NONE when nothing matched. */
export const ANY = -1;
export const NONE = -2;

/** Hears what the evaluator finds, as it finds it: an explanation is made of nothing else. */
export interface TraceRecorder {
  /** The policies that isolate the side, before their rules are tried. */
  isolated(direction: Direction, policies: readonly PolicyEntry[]): void;
  /** A rule was tried; `peer` and `port` are indices in its lists, ANY or NONE. It allows when neither is NONE. */
  tried(direction: Direction, policy: PolicyEntry, rule: number, peer: number, port: number): void;
  decided(direction: Direction, allowed: boolean, reason: Reason): void;
}

/**
 * May the flow pass? Both sides must allow it. With a recorder both directions are always judged, and every rule up to
 * the first match is tried in full; without one the first denial ends it and nothing is allocated.
 */
export function evaluate(question: Question, trace?: TraceRecorder): boolean {
  const egress = judgeSide("Egress", question, trace);
  if (!egress && trace === undefined) return false;
  return judgeSide("Ingress", question, trace) && egress;
}

/** One direction of `evaluate`. */
export function judgeSide(
  direction: Direction,
  question: Question,
  trace: TraceRecorder | undefined,
): boolean {
  const { source, destination } = question;
  let allowed = true;
  let reason: Reason | undefined = exemption(direction, source, destination);
  if (reason === undefined) {
    // The tiers in order. Each allows, denies, or passes to the next; what all of them pass is allowed.
    const subject = (direction === "Ingress" ? destination : source).entry!;
    const verdict = networkPolicyTier(direction, subject, question, trace);
    allowed = verdict !== "deny";
    reason = verdict === "pass" ? "not-isolated" : verdict === "allow" ? "rule" : "no-match";
  }
  trace?.decided(direction, allowed, reason);
  return allowed;
}

/** Why no policy is asked about a direction, undefined when policies are: the pod that they apply to is known then. */
export function exemption(
  direction: Direction,
  source: Side,
  destination: Side,
): "not-a-pod" | "self" | "node" | undefined {
  const subject = (direction === "Ingress" ? destination : source).entry;
  if (subject === undefined) return "not-a-pod";
  if (isSelf(source, destination)) return "self";
  return direction === "Ingress" && isNodeOf(source, subject) ? "node" : undefined;
}

/**
 * A pod may always reach itself. An entry that stands for several replicas is asked about two of them, unless the flow
 * goes from an address to the same address.
 */
function isSelf(source: Side, destination: Side): boolean {
  if (source.entry?.key !== destination.entry?.key) return false;
  const { workload } = source.entry!.pod;
  if (workload === undefined || workload.replicas === 1) return true;
  return source.address !== undefined && source.address.text === destination.address?.text;
}

/** A node may always reach its own pods; its hostNetwork pods share its network. */
function isNodeOf(source: Side, { pod }: PodEntry): boolean {
  const { nodeName } = pod;
  return nodeName !== undefined && (source.hostNode === nodeName || source.nodes?.has(nodeName) === true);
}

type TierVerdict = "allow" | "deny" | "pass";

/** networking.k8s.io/v1: passes when no policy isolates the pod; else allows when any rule matches, and denies. */
function networkPolicyTier(
  direction: Direction,
  subject: PodEntry,
  question: Question,
  trace: TraceRecorder | undefined,
): TierVerdict {
  const { staged } = question;
  const policies = (staged === undefined ? policiesOf(subject) : staged.withEnforced(subject))[direction];
  if (policies.length === 0) return "pass";
  trace?.isolated(direction, policies);
  const other = direction === "Ingress" ? question.source : question.destination;
  for (const policy of policies) {
    const rules = policy.rules[direction];
    for (let index = 0; index < rules.length; index++) {
      const entry = rules[index]!;
      const port = matchPort(entry.rule.ports, question);
      if (port === NONE && trace === undefined) continue;
      const peer = matchPeer(entry, other);
      trace?.tried(direction, policy, index, peer, port);
      if (peer !== NONE && port !== NONE) return "allow";
    }
  }
  return "deny";
}

/** Index of the peer that matches the other side, ANY for a rule without peers, or NONE. */
export function matchPeer({ peers }: RuleEntry, other: Side): number {
  if (peers.length === 0) return ANY;
  for (let index = 0; index < peers.length; index++) {
    if (peerMatches(peers[index]!, other)) return index;
  }
  return NONE;
}

/** Does one peer match the other side? ipBlock looks at the address alone, selectors at the pod alone. */
function peerMatches(peer: PeerEntry, { entry, address }: Side): boolean {
  if (peer.kind === "ipBlock") return address !== undefined && blockContains(peer, address);
  return peer.selection !== undefined && entry !== undefined && isMember(peer.selection, entry);
}

/** Within `cidr` and within none of `except`; a block of the other family contains nothing. */
function blockContains(block: Extract<PeerEntry, { kind: "ipBlock" }>, address: Address): boolean {
  return cidrContains(block.cidr, address) && !block.except.some((cidr) => cidrContains(cidr, address));
}

/**
 * Membership is kept by the cluster; a pod that was made up for the question is in no set and is matched directly, and so
 * is every pod by a policy that is not in force.
 */
function isMember(selection: Selection, entry: PodEntry): boolean {
  if (selection.members.has(entry)) return true;
  return (!selection.isKept || !entry.namespace.pods.has(entry)) && selection.matches(entry);
}

function matchPort(ports: readonly PolicyPort[], { destination, protocol, port }: Question): number {
  if (ports.length === 0) return ANY;
  for (let index = 0; index < ports.length; index++) {
    if (portMatches(ports[index]!, protocol, port, destination.entry)) return index;
  }
  return NONE;
}

/** A port name means what the destination pod says; where the destination is no pod, it means nothing. */
function portMatches(
  wanted: PolicyPort,
  protocol: FlowProtocol,
  port: number,
  destination: PodEntry | undefined,
): boolean {
  if (wanted.protocol !== protocol) return false;
  if (wanted.port === undefined) return true;
  if (typeof wanted.port === "number") return wanted.port <= port && port <= (wanted.endPort ?? wanted.port);
  return destination !== undefined && hasNamedPort(destination.pod, wanted.protocol, wanted.port, port);
}
