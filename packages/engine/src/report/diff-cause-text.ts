import type { Cause } from "../diff/cause.ts";
import { inFile, policyName, ruleName } from "./words.ts";

/** What became of the policy, as the first word of its clause. */
const fateWords: Readonly<Record<Cause["fate"], string>> = {
  added: "new",
  removed: "removed",
  changed: "changed",
  unchanged: "relabelled:",
};

/**
 * Who is responsible, in a clause: `new shop/open ingress[0] (open.yaml:8)`, `removed shop/deny (old/deny.yaml:1) isolated
 * for ingress`. `relabelled:` stands before a policy that did not change while labels or addresses did.
 */
export function diffCauseText(cause: Cause): string {
  const { direction, effect, policy, rule, fate } = cause;
  const word = direction.toLowerCase();
  if (policy === undefined) return `policies apply in one state only (${word})`;
  const name = `${fateWords[fate]} ${policyName(policy)}`;
  if (rule !== undefined) return `${name} ${ruleName(direction, rule)}${inFile(diffCauseRange(cause))}`;
  return `${name}${inFile(policy.range)} ${effect} for ${word}`;
}

/** Of the rule, or of the policy. */
export function diffCauseRange({ direction, policy, rule }: Cause) {
  const rules = direction === "Ingress" ? policy?.ingress : policy?.egress;
  return (rule === undefined ? undefined : rules?.[rule]?.range) ?? policy?.range;
}
