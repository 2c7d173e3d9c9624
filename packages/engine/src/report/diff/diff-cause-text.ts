import type { Cause } from "../../diff/cause.ts";
import { groupBy } from "../../group-by.ts";
import { inFile, listed, policyName, ruleName } from "../verdict/words.ts";

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
  return `${subject(cause)}${predicate(cause, 1)}`;
}

/** Several causes in clauses, equal predicates joined: `new shop/a and new shop/b isolate for egress`. */
export function diffCauseTexts(causes: readonly Cause[], most: number): readonly string[] {
  const groups = groupBy(causes, ({ direction, effect }) => `${direction} ${effect}`);
  return [...groups.values()].map((group) => {
    const shown = group.length > most ? group.slice(0, most - 1) : group;
    const more = group.length - shown.length;
    const names = [...shown.map(subject), ...(more > 0 ? [`${more} more`] : [])];
    return `${listed(names)}${predicate(group[0], group.length)}`;
  });
}

function subject(cause: Cause): string {
  const { direction, policy, rule, fate } = cause;
  if (policy === undefined) return `policies apply in one state only (${direction.toLowerCase()})`;
  const ofRule = rule === undefined ? "" : ` ${ruleName(direction, rule)}`;
  return `${fateWords[fate]} ${policyName(policy)}${ofRule}${inFile(diffCauseRange(cause))}`;
}

/** A rule says by its place what it does. */
function predicate({ direction, effect, policy, rule }: Cause, count: number): string {
  if (policy === undefined || rule !== undefined) return "";
  const verb = effect === "isolates" && count > 1 ? "isolate" : effect;
  return ` ${verb} for ${direction.toLowerCase()}`;
}

/** Of the rule, or of the policy. */
export function diffCauseRange({ direction, policy, rule }: Cause) {
  const rules = direction === "Ingress" ? policy?.ingress : policy?.egress;
  return (rule === undefined ? undefined : rules?.[rule]?.range) ?? policy?.range;
}
