import type { DirectionVerdict, RuleMatch } from "../verdict/verdict.ts";
import { inFile, policyName, ruleName } from "./verdict/words.ts";

/** Which rule of which policy. */
export type RuleRef = Pick<RuleMatch, "policy" | "direction" | "rule">;

/** Where a rule stands: `data/database ingress[0]`. */
function ruleText({ policy, direction, rule }: RuleRef): string {
  return `${policyName(policy)} ${ruleName(direction, rule)}`;
}

/** The same with its place: `data/database ingress[0] (policies.yaml:12)`. */
export function ruleWithPlace(match: RuleRef): string {
  const { policy, direction, rule } = match;
  const range = (direction === "Ingress" ? policy.ingress : policy.egress)[rule]?.range ?? policy.range;
  return `${ruleText(match)}${inFile(range)}`;
}

/** Why one side lets a flow pass, in a few words: the rule, or why no rule is needed. */
export function wayText({ reason, allowedBy }: DirectionVerdict): string {
  if (allowedBy !== undefined) return ruleWithPlace(allowedBy);
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
