import type { DecidingRule, DirectionVerdict, SourceRange, Verdict } from "@portcullis/engine";

/**
 * The rules that a verdict rests on: those that allow it, or for a denial those that came nearest on the side that
 * denies, else the policies that isolate.
 */
export function decidingRules(verdict: Verdict): readonly DecidingRule[] {
  const sides = [verdict.egress, verdict.ingress];
  return sides.filter(({ allowed }) => allowed === verdict.allowed).flatMap(rulesOf);
}

function rulesOf({ direction, allowedBy, nearest, isolatedBy }: DirectionVerdict): readonly DecidingRule[] {
  const match = allowedBy ?? nearest[0];
  if (match !== undefined) {
    const { policy, rule } = match;
    const rules = direction === "Ingress" ? policy.ingress : policy.egress;
    return [
      {
        policy: nameOf(policy),
        rule: `${direction.toLowerCase()}[${rule}]`,
        ...placeOf(rules[rule]?.range ?? policy.range),
      },
    ];
  }
  return isolatedBy.map((policy) => ({ policy: nameOf(policy), ...placeOf(policy.range) }));
}

const nameOf = ({ namespace, name }: { readonly namespace: string; readonly name: string }): string =>
  `${namespace}/${name}`;

const placeOf = (range: SourceRange | undefined): Pick<DecidingRule, "file" | "line"> =>
  range === undefined ? {} : { file: range.file, line: range.start.line };
