import type { PolicyEntry } from "../cluster/policy-entry.ts";
import { selectionWithin } from "../cover/peer-cover.ts";
import type { PolicyRule } from "../model/network-policy.ts";
import { effects } from "./effects.ts";
import type { LintContext } from "./lint-context.ts";
import { directions, type WalkedRule, walkRules } from "./walk.ts";

/** A rule that allows everything in its direction, and that deserves to be told so. */
export interface AllowAll extends WalkedRule {
  /** Policies whose rules mean nothing because of it; none when the policy stands alone and does nothing. */
  readonly overridden: readonly PolicyEntry[];
}

export const isAllowAll = ({ peers, ports }: PolicyRule): boolean => peers.length === 0 && ports.length === 0;

/** Rules that override other policies, and the only rules of policies that change nothing. By rule. */
export function allowAlls(context: LintContext): ReadonlyMap<PolicyRule, AllowAll> {
  const found = new Map<PolicyRule, AllowAll>();
  for (const walked of walkRules(context)) {
    if (!isAllowAll(walked.rule)) continue;
    const overridden = overriddenBy(context, walked);
    if (overridden.length > 0 || isWithoutEffect(context, walked.entry))
      found.set(walked.rule, { ...walked, overridden });
  }
  return found;
}

/** Allows everything in each of its directions, and nothing else isolates its pods. */
function isWithoutEffect(context: LintContext, entry: PolicyEntry): boolean {
  const reach = context.once(effects);
  const subjects = reach.subjects(entry);
  return (
    subjects.length > 0 &&
    directions.every(
      (direction) =>
        !entry.policy.policyTypes.includes(direction) ||
        (entry.rules[direction].some(({ rule }) => isAllowAll(rule)) &&
          subjects.every((subject) => reach.policies(subject, direction).length === 1)),
    )
  );
}

/** Other policies on the same pods that list rules of their own, or list none to deny. */
function overriddenBy(context: LintContext, { entry, direction }: WalkedRule): readonly PolicyEntry[] {
  const others = new Set<PolicyEntry>();
  if (context.knowsPods) {
    const reach = context.once(effects);
    for (const subject of reach.subjects(entry))
      for (const other of reach.policies(subject, direction)) others.add(other);
  } else {
    for (const other of context.policies) {
      if (other.policy.policyTypes.includes(direction) && selectionWithin(other.subject, entry.subject))
        others.add(other);
    }
  }
  others.delete(entry);
  return [...others]
    .filter((other) => !other.rules[direction].some(({ rule }) => isAllowAll(rule)))
    .filter(({ rules, subject }) => rules[direction].length > 0 || !isDefault(subject.pods.text))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** A default deny beside a policy that opens some pods again is how it is done. */
const isDefault = (selector: string): boolean => selector === "*";

/** Those that a rule which is run tells: others need not repeat them. */
export function toldAllowAlls(context: LintContext): ReadonlySet<PolicyRule> {
  const teller = ({ overridden }: AllowAll) =>
    overridden.length > 0 ? "allow-all-overrides" : "policy-without-effect";
  const all = context.once(allowAlls);
  return new Set([...all].filter(([, each]) => context.isOn(teller(each))).map(([rule]) => rule));
}
