import { replaceRange } from "../fix/replace-range.ts";
import type { LintRule } from "../lint-rule.ts";
import { plural } from "../names.ts";
import { directions } from "../walk.ts";

export const ignoredRules: LintRule = {
  code: "ignored-rules",
  severity: "error",
  title: "rules for a direction that is not in policyTypes",
  help: "policyTypes says what counts. Rules of another direction are accepted and ignored: the policy neither isolates nor allows there.",
  *check(context) {
    for (const { policy } of context.policies) {
      for (const direction of directions) {
        const field = direction === "Ingress" ? "ingress" : "egress";
        const rules = policy[field];
        if (rules.length === 0 || policy.policyTypes.includes(direction)) continue;
        const types = context.at(policy, ["spec", "policyTypes"]);
        const text = types.range && context.source.editable(types.range.file);
        const written = [...policy.policyTypes, direction].sort().reverse().join(", ");
        yield {
          ...context.at(policy, ["spec", field], "key"),
          message: `policyTypes lacks ${direction}: ${plural(rules.length, "rule is", "rules are")} ignored, and ${direction.toLowerCase()} is not isolated by this policy.`,
          fix:
            types.range === undefined || text === undefined
              ? undefined
              : {
                  title: `add ${direction} to policyTypes`,
                  safe: false,
                  edits: [replaceRange(types.range, `[${written}]`, text)],
                },
        };
      }
    }
  },
};
