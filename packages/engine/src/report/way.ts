import type { DirectionVerdict, NearMiss, RuleMatch } from "../verdict/verdict.ts";
import { inFile, policyName, ruleName } from "./words.ts";

/** Where a rule stands: `data/database ingress[0]`. */
export function ruleText({ policy, direction, rule }: RuleMatch | NearMiss): string {
  return `${policyName(policy)} ${ruleName(direction, rule)}`;
}

/** The same with its place: `data/database ingress[0] (policies.yaml:12)`. */
export function ruleWithPlace(match: RuleMatch | NearMiss): string {
  const { policy, direction, rule } = match;
  const range = (direction === "Ingress" ? policy.ingress : policy.egress)[rule]?.range ?? policy.range;
  return `${ruleText(match)}${inFile(range)}`;
}

/** Why one side lets a flow pass, in a few words: the rule, or why no rule is needed. */
export function wayText({ reason, allowedBy }: DirectionVerdict, write = ruleWithPlace): string {
  if (allowedBy !== undefined) return write(allowedBy);
  switch (reason) {
    case "not-isolated":
      return "not isolated";
    case "not-a-pod":
      return "not subject to policies";
    case "node":
      return "its own node";
    case "self":
      return "itself";
    default:
      return "denied";
  }
}
