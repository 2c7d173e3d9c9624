import type { DirectionVerdict, Endpoint, NearMiss, RuleMatch, Verdict } from "../../verdict/verdict.ts";
import { peerText } from "../peer-text.ts";
import { plainStyle, type Style } from "../text/style.ts";
import {
  endpointName,
  endpointWithAddress,
  inFile,
  onPort,
  policyName,
  policyPortText,
  ruleName,
} from "./words.ts";

/** Policies listed before the rest is counted. */
const MOST_POLICIES = 8;

/**
 * The whole reasoning of a verdict, for a reader who is new to network policies: for each side whether policies isolate
 * it, which, and the rule that let the flow pass or the rules that came closest. Lines without a trailing line break.
 */
export function explanation(verdict: Verdict, style: Style = plainStyle): string {
  const { flow, allowed, egress, ingress } = verdict;
  const who = `${endpointWithAddress(flow.source)} → ${endpointWithAddress(flow.destination)} ${onPort(flow)}`;
  return [
    `${style.bold(who)}: ${outcome(allowed, style)}`,
    "",
    ...directionLines(egress, flow.source, style),
    "",
    ...directionLines(ingress, flow.destination, style),
  ].join("\n");
}

function outcome(allowed: boolean, style: Style): string {
  return allowed ? style.allow("allowed") : style.deny("denied");
}

function directionLines(verdict: DirectionVerdict, side: Endpoint, style: Style): string[] {
  const name = endpointName(side);
  const title = verdict.direction === "Egress" ? `Egress, out of ${name}` : `Ingress, into ${name}`;
  return [
    `${style.bold(title)}: ${outcome(verdict.allowed, style)}`,
    ...reasonLines(verdict, side, style).map((line) => `  ${line}`),
  ];
}

function reasonLines(verdict: DirectionVerdict, side: Endpoint, style: Style): string[] {
  const word = verdict.direction.toLowerCase();
  switch (verdict.reason) {
    case "self":
      return ["A pod may always reach itself; policies are not asked."];
    case "node":
      return ["The other side is the pod's own node, which may always reach it (for health checks)."];
    case "not-a-pod":
      return [notAPod(side)];
    case "not-isolated":
      return [`No policy selects it for ${word}, so everything may pass.`];
    case "rule":
      return [...isolationLines(verdict, style), ...allowedLine(verdict.allowedBy, style)];
    case "no-match":
      return [...isolationLines(verdict, style), ...missLines(verdict, style)];
  }
}

function notAPod({ pod, address }: Endpoint): string {
  if (pod === undefined) {
    return `${address?.text ?? "This side"} belongs to no pod; policies isolate pods only.`;
  }
  return pod.hostNetwork
    ? "The pod uses its node's network; policies do not apply to such pods."
    : `The pod is finished (${pod.phase}); policies do not apply to it any more.`;
}

function isolationLines({ direction, isolatedBy }: DirectionVerdict, style: Style): string[] {
  const word = direction.toLowerCase();
  const verb = direction === "Egress" ? "leave" : "enter";
  const shown = isolatedBy.length > MOST_POLICIES + 1 ? isolatedBy.slice(0, MOST_POLICIES) : isolatedBy;
  const rest = isolatedBy.length - shown.length;
  const one = isolatedBy.length === 1;
  return [
    `Isolated: ${one ? "this policy selects" : "these policies select"} it, so only what ${one ? "its" : "their"} ${word} rules list may ${verb}:`,
    ...shown.map((policy) => `  ${policyName(policy)}${style.dim(inFile(policy.range))}`),
    ...(rest > 0 ? [`  and ${rest} more`] : []),
  ];
}

function allowedLine(match: RuleMatch | undefined, style: Style): string[] {
  if (match === undefined) return [];
  const { policy, direction, rule, peer, port } = match;
  const preposition = direction === "Egress" ? "to" : "from";
  const who = peer === undefined ? "anywhere" : peerText(peer, policy);
  const where = port === undefined ? "any port" : policyPortText(port);
  return [`Allowed by ${ruleLocation(match, rule, style)}: ${preposition} ${who}, ${where}.`];
}

function missLines({ direction, isolatedBy, nearest }: DirectionVerdict, style: Style): string[] {
  const word = direction.toLowerCase();
  if (nearest.length === 0) {
    const none = isolatedBy.length === 1 ? `It has no ${word} rule` : `None of them has an ${word} rule`;
    return [`${none}, so nothing may pass.`];
  }
  return [
    "No rule matches. The nearest:",
    ...nearest.map((miss: NearMiss) => `  ${ruleLocation(miss, miss.rule, style)}: ${miss.because}.`),
  ];
}

function ruleLocation({ policy, direction }: RuleMatch | NearMiss, index: number, style: Style): string {
  const rules = direction === "Ingress" ? policy.ingress : policy.egress;
  const range = rules[index]?.range ?? policy.range;
  return `${ruleName(direction, index)} of ${policyName(policy)}${style.dim(inFile(range))}`;
}
