import type { Denial } from "../../ask/denials.ts";
import type { DirectionExplanation, ExplainedRule, WorkloadExplanation } from "../../ask/explain-workload.ts";
import type { ServiceWay } from "../../ask/services-of.ts";
import type { Admission } from "../../ask/who-can.ts";
import { portNumbers } from "../../cluster/named-port-index.ts";
import type { Direction, NetworkPolicy, PolicyPort } from "../../model/network-policy.ts";
import type { Pod } from "../../model/objects.ts";
import type { ListedPeer } from "../../reach/listed-peer.ts";
import { listedPeerText } from "../listed-peer-text.ts";
import { Names } from "../names.ts";
import { peerText } from "../peer-text.ts";
import { ruleWithPlace } from "../way.ts";
import { inFile, listed, policyName, policyPortText } from "./words.ts";

/** A piece of an explanation, before a format lays it out. */
export interface Block {
  /** 1 is the workload, 2 a part of it, 3 a rule. */
  readonly level: 1 | 2 | 3;
  readonly heading: string;
  readonly lines: readonly string[];
  /** Pairs: a peer or a Service, and what is to be said of it. */
  readonly rows: readonly (readonly [string, string])[];
}

/** Rows of a block before the rest is counted. */
const mostRows = 40;
/** Names in a row before the rest is counted. */
const mostNames = 6;

/** What text and Markdown say of a workload, in order. */
export function explanationBlocks(explained: WorkloadExplanation): readonly Block[] {
  const { peer, hostNetwork, ingress, egress, services } = explained;
  const about = [portsLine(explained)];
  if (hostNetwork)
    about.push("It is on its node's network: policies neither select it nor find it by its labels.");
  return [
    block(1, listedPeerText(peer), about),
    ...directionBlocks(ingress, peer.pods[0]!),
    ...directionBlocks(egress, peer.pods[0]!),
    ...(services.length === 0 ? [] : [block(2, "Services that lead to it", [], services.map(serviceRow))]),
  ];
}

function block(
  level: Block["level"],
  heading: string,
  lines: readonly string[] = [],
  rows: readonly (readonly [string, string])[] = [],
): Block {
  const rest = rows.length - mostRows;
  if (rest <= 1) return { level, heading, lines, rows };
  return { level, heading, lines, rows: [...rows.slice(0, mostRows), [`and ${rest} more`, "see -o json"]] };
}

function portsLine({ ports }: WorkloadExplanation): string {
  if (ports.length === 0) return "It declares no ports.";
  const texts = ports.map(
    ({ name, protocol, port }) => `${name === undefined ? "" : `${name} = `}${protocol} ${port}`,
  );
  return `Ports: ${texts.join(", ")}.`;
}

const words = {
  Ingress: {
    noun: "ingress",
    verb: "enter",
    lets: "lets in",
    always: "Its node may always reach it, for the kubelet's probes, and it may always reach itself.",
  },
  Egress: { noun: "egress", verb: "be reached", lets: "lets out to", always: "It may always reach itself." },
} as const;

function directionBlocks(
  { direction, isolatedBy, rules, free, denied }: DirectionExplanation,
  pod: Pod,
): Block[] {
  const { noun, verb, always } = words[direction];
  const isolated = isolatedBy.length > 0;
  const because = isolated
    ? [
        `Only what the rules of ${isolatedBy.length === 1 ? "this policy" : "these policies"} list may ${verb}:`,
        ...isolatedBy.map((policy) => `  ${withPlace(policy)}`),
      ]
    : [`No policy isolates it for ${noun}: whatever the other side's policies allow may ${verb}.`];
  const blocks = [
    block(
      2,
      `${direction}: ${isolated ? "isolated" : "not isolated"}`,
      pod.hostNetwork ? [] : [...because, always],
    ),
  ];
  for (const rule of rules) blocks.push(ruleBlock(rule, pod));
  if (free.length > 0)
    blocks.push(block(3, isolated ? "Without a rule" : "Allowed", [], admissionRows(free)));
  if (denied.length > 0) {
    const rows = denied.map((each): [string, string] => [names(each.peers), denialText(each, direction)]);
    blocks.push(block(3, "Denied", [], rows));
  }
  return blocks;
}

const withPlace = (policy: NetworkPolicy): string => `${policyName(policy)}${inFile(policy.range)}`;

function ruleBlock(rule: ExplainedRule, pod: Pod): Block {
  const { policy, direction, written, admissions } = rule;
  const who =
    written.peers.length === 0 ? "anyone" : written.peers.map((peer) => peerText(peer, policy)).join("; or ");
  const where =
    written.ports.length === 0
      ? "any port"
      : written.ports.map((port) => portText(port, direction, pod)).join(", ");
  const heading = `${ruleWithPlace(rule)} ${words[direction].lets} ${who}, ${where}`;
  const nobody =
    admissions.length === 0
      ? ["Nobody who is there now: none matches, or an earlier rule or their own side decides."]
      : [];
  return block(3, heading, nobody, admissionRows(admissions));
}

/** A port name of an ingress rule means what the pod says. */
function portText(port: PolicyPort, direction: Direction, pod: Pod): string {
  const text = policyPortText(port);
  if (direction === "Egress" || typeof port.port !== "string") return text;
  const numbers = portNumbers(pod, port.protocol, port.port);
  return `${text} (${numbers.length === 0 ? "which it does not have" : numbers.join(", ")})`;
}

function admissionRows(admissions: readonly Admission[]): [string, string][] {
  const texts = new Names();
  const [inside, outside] = [new Map<string, [string, string]>(), new Map<string, [string, string]>()];
  for (const { peer, ports, verdict } of admissions) {
    // Pods of a workload on several nodes are each reached by their own.
    const node = verdict.ingress.reason === "node" ? " (as its own node)" : "";
    const row: [string, string] = [texts.peer(peer), `${texts.ports(ports)}${node}`];
    (peer.kind === "outside" ? outside : inside).set(row.join("\0"), row);
  }
  return [inside, outside].flatMap((rows) => [...rows.values()].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function denialText({ by, verdict }: Denial, direction: Direction): string {
  const { egress, ingress } = verdict;
  const [own, other] = direction === "Ingress" ? [ingress, egress] : [egress, ingress];
  const does = other.isolatedBy.length === 1 ? "does" : "do";
  const theirs = `${listed(other.isolatedBy.map(policyName))} ${does} not let it ${direction === "Ingress" ? "out" : "in"}`;
  switch (by) {
    case "own":
      return `no ${words[own.direction].noun} rule matches`;
    case "other":
      return `its own side: ${theirs}`;
    case "both":
      return `no ${words[own.direction].noun} rule matches; its own side: ${theirs}`;
    case "ports":
      return "no port that both sides allow";
  }
}

function names(peers: readonly ListedPeer[]): string {
  const all = peers.length <= mostNames + 1;
  const texts = (all ? peers : peers.slice(0, mostNames)).map(listedPeerText);
  return `${texts.join(", ")}${all ? "" : ` and ${peers.length - mostNames} more`}`;
}

function serviceRow({ service, port, target, peers }: ServiceWay): [string, string] {
  const name = `${service.namespace}/${service.name}:${port.port}${port.name === undefined ? "" : ` (${port.name})`}`;
  if (target === undefined) return [name, `leads nowhere: it has no port named "${port.targetPort}"`];
  const to = `→ ${port.protocol} ${target}`;
  if (peers.length === 0) return [name, `${to}, where nobody may reach it`];
  return [name, `${to}, which ${names(peers)} may reach`];
}
