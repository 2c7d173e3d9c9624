import type { DirectionVerdict, Verdict } from "../../verdict/verdict.ts";
import { endpointName, listed, onPort, policyName } from "./words.ts";

/**
 * The verdict in one sentence: `default/frontend may not reach default/backend on TCP 80: default/default-deny isolates
 * default/backend for ingress and no rule lets default/frontend in.`
 */
export function sentence(verdict: Verdict): string {
  const { flow, allowed } = verdict;
  const from = endpointName(flow.source);
  const to = endpointName(flow.destination);
  const claim = `${from} ${allowed ? "may" : "may not"} reach ${to} ${onPort(flow)}`;
  return `${claim}: ${allowed ? whyAllowed(verdict) : whyDenied(verdict)}.`;
}

function whyAllowed({ flow, egress, ingress }: Verdict): string {
  if (egress.reason === "self" || ingress.reason === "self") return "a pod may always reach itself";
  if (egress.reason === "not-isolated" && ingress.reason === "not-isolated") {
    return `no policy isolates ${endpointName(flow.source)} for egress or ${endpointName(flow.destination)} for ingress`;
  }
  const clauses: string[] = [];
  if (egress.reason === "not-isolated")
    clauses.push(`no policy isolates ${endpointName(flow.source)} for egress`);
  if (egress.reason === "rule") clauses.push(`${ruleOwner(egress)} lets it out`);
  if (ingress.reason === "not-isolated") {
    clauses.push(`no policy isolates ${endpointName(flow.destination)} for ingress`);
  }
  if (ingress.reason === "rule") clauses.push(`${ruleOwner(ingress)} lets it in`);
  if (ingress.reason === "node") clauses.push("a node may always reach its own pods");
  return clauses.length === 0 ? "policies apply to neither of them" : listed(clauses);
}

function whyDenied({ flow, egress, ingress }: Verdict): string {
  const from = endpointName(flow.source);
  const to = endpointName(flow.destination);
  const out = `${isolation(egress, from)} and no rule lets it out to ${to}`;
  const into = `${isolation(ingress, to)} and no rule lets ${from} in`;
  if (!egress.allowed) return ingress.allowed ? out : `${out}; ${into}`;
  return egress.reason === "rule" ? `${into}, although ${ruleOwner(egress)} lets it out` : into;
}

/** `default/a and default/b isolate default/backend for ingress`. */
function isolation({ direction, isolatedBy }: DirectionVerdict, pod: string): string {
  const names = isolatedBy.map(policyName);
  const shown = names.length > 3 ? [...names.slice(0, 2), `${names.length - 2} more`] : names;
  return `${listed(shown)} ${names.length === 1 ? "isolates" : "isolate"} ${pod} for ${direction.toLowerCase()}`;
}

const ruleOwner = ({ allowedBy }: DirectionVerdict): string =>
  allowedBy === undefined ? "a rule" : policyName(allowedBy.policy);
