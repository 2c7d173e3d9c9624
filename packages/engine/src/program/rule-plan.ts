import { portNumbers } from "../cluster/named-port-index.ts";
import type { PodEntry } from "../cluster/pod-entry.ts";
import type { PolicyEntry, RuleEntry } from "../cluster/policy-entry.ts";
import type { Selection } from "../cluster/selection.ts";
import type { Direction } from "../model/network-policy.ts";
import type { Protocol } from "../model/protocol.ts";
import { type CidrBlock, subtractAndMerge } from "../net/cidr-set.ts";
import { normalizePorts, type PortRange } from "../net/port-set.ts";
import { quoteUnlessPlain } from "../selector/requirement.ts";
import type { ProgramRule } from "./program.ts";

/** A rule compiled as far as it goes without knowing the pod; made once in the life of a policy. */
export interface RulePlan {
  readonly policy: string;
  readonly index: number;
  readonly peers: ProgramRule["peers"];
  /** The selections whose union is the address set; sorted by id, empty when there is no address set. */
  readonly selections: readonly Selection[];
  /** The ports given by number, or "any". */
  readonly ports: "any" | readonly PortRange[];
  /** The ports given by name; sorted. */
  readonly names: readonly PortName[];
  /** Egress: the id of the set of destinations that have such a port. */
  readonly endpoints: string | undefined;
  /** Canonical text of everything but the ports. */
  readonly text: string;
}

interface PortName {
  readonly protocol: Protocol;
  readonly name: string;
}

const ANY_PORT = { from: 0, to: 65535 } as const;

export function planRule(policy: PolicyEntry, direction: Direction, index: number): RulePlan {
  const entry = policy.rules[direction][index]!;
  const selections = selectionsOf(entry);
  const peers = peersOf(entry, selections);
  const peersText = textOfPeers(peers);
  const names = namesOf(entry);
  const endpoints =
    direction === "Egress" && names.length > 0
      ? `${names.map(({ protocol, name }) => `${protocol} ${quoteUnlessPlain(name)}`).join(", ")} of ${peersText}`
      : undefined;
  return {
    policy: policy.key,
    index,
    peers,
    selections,
    ports: numbersOf(entry),
    names,
    endpoints,
    text: `${policy.key}[${index}] ${peersText}${endpoints === undefined ? "" : ` + ${endpoints}`}`,
  };
}

/** The rule for one pod: ingress port names become the pod's own numbers. */
export function ruleForPod(plan: RulePlan, direction: Direction, entry: PodEntry): ProgramRule {
  const { policy, index, peers, endpoints } = plan;
  return {
    policy,
    index,
    peers,
    ports: portsForPod(plan, direction, entry),
    ...(endpoints !== undefined && { endpoints }),
  };
}

/** Canonical text of `ruleForPod`. */
export function ruleText(plan: RulePlan, direction: Direction, entry: PodEntry): string {
  const ports = portsForPod(plan, direction, entry);
  return `${plan.text} ${ports === "any" ? "any" : ports.map(rangeText).join(", ") || "none"}`;
}

function portsForPod({ ports, names }: RulePlan, direction: Direction, { pod }: PodEntry): RulePlan["ports"] {
  if (direction === "Egress" || names.length === 0 || ports === "any") return ports;
  const named = names.flatMap(({ protocol, name }) =>
    portNumbers(pod, protocol, name).map((port) => ({ protocol, from: port, to: port })),
  );
  return normalizePorts([...ports, ...named]);
}

const rangeText = ({ protocol, from, to }: PortRange): string =>
  `${protocol} ${from === to ? from : `${from}-${to}`}`;

function selectionsOf({ peers }: RuleEntry): readonly Selection[] {
  const byId = new Map<string, Selection>();
  for (const peer of peers) {
    if (peer.kind === "pods" && peer.selection !== undefined) byId.set(peer.selection.id, peer.selection);
  }
  return [...byId.keys()].sort().map((id) => byId.get(id)!);
}

function peersOf({ peers }: RuleEntry, selections: readonly Selection[]): ProgramRule["peers"] {
  if (peers.length === 0) return "any";
  const blocks = peers.filter((peer): peer is typeof peer & CidrBlock => peer.kind === "ipBlock");
  const addressSet = selections.map(({ id }) => id).join(" | ");
  return { ...(selections.length > 0 && { addressSet }), cidrs: subtractAndMerge(blocks) };
}

function textOfPeers(peers: ProgramRule["peers"]): string {
  if (peers === "any") return "any";
  const cidrs = peers.cidrs.map(({ text }) => text).join(",");
  return `[${peers.addressSet ?? ""}][${cidrs}]`;
}

function numbersOf({ rule }: RuleEntry): RulePlan["ports"] {
  if (rule.ports.length === 0) return "any";
  return normalizePorts(
    rule.ports.flatMap(({ protocol, port, endPort }) => {
      if (port === undefined) return [{ protocol, ...ANY_PORT }];
      return typeof port === "number" ? [{ protocol, from: port, to: endPort ?? port }] : [];
    }),
  );
}

function namesOf({ rule }: RuleEntry): readonly PortName[] {
  const byText = new Map<string, PortName>();
  for (const { protocol, port } of rule.ports) {
    if (typeof port === "string") byText.set(`${protocol} ${port}`, { protocol, name: port });
  }
  return [...byText.keys()].sort().map((text) => byText.get(text)!);
}
