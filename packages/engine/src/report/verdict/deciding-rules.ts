import type { SourceRange } from "../../model/source.ts";
import type { DirectionVerdict, Verdict } from "../../verdict/verdict.ts";
import type { DecidingRule } from "../verification/verification.ts";
import { policyName, ruleName } from "./words.ts";

/**
 * The rules that a verdict rests on: those that allow it, or for a denial those that came nearest on the side that
 * denies, else the policies that isolate.
 */
export function decidingRules(verdict: Verdict): readonly DecidingRule[] {
  return decisions(verdict).map(({ range, ...rule }) => ({ ...rule, ...placeOf(range) }));
}

/** The same with the whole places in the files. */
export function decisions(verdict: Verdict): readonly Decision[] {
  const sides = [verdict.egress, verdict.ingress];
  return sides.filter(({ allowed }) => allowed === verdict.allowed).flatMap(rulesOf);
}

export interface Decision extends Pick<DecidingRule, "policy" | "rule"> {
  readonly range?: SourceRange;
}

function rulesOf({ direction, allowedBy, nearest, isolatedBy }: DirectionVerdict): readonly Decision[] {
  const match = allowedBy ?? nearest[0];
  if (match !== undefined) {
    const { policy, rule } = match;
    const rules = direction === "Ingress" ? policy.ingress : policy.egress;
    return [
      {
        policy: policyName(policy),
        rule: ruleName(direction, rule),
        ...rangeOf(rules[rule]?.range ?? policy.range),
      },
    ];
  }
  return isolatedBy.map((policy) => ({ policy: policyName(policy), ...rangeOf(policy.range) }));
}

const placeOf = (range: SourceRange | undefined): Pick<DecidingRule, "file" | "line"> =>
  range === undefined ? {} : { file: range.file, line: range.start.line };

const rangeOf = (range: SourceRange | undefined): Pick<Decision, "range"> =>
  range === undefined ? {} : { range };
