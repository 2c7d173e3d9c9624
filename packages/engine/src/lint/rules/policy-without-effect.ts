import { allowAlls } from "../allow-alls.ts";
import type { LintRule } from "../lint-rule.ts";

export const policyWithoutEffect: LintRule = {
  code: "policy-without-effect",
  severity: "warning",
  title: "the policy allows everything that it would deny otherwise",
  help: "It isolates its pods and allows them everything again, and no other policy selects them: without it, the same is allowed.",
  *check(context) {
    const seen = new Set<string>();
    for (const { policy, entry, overridden } of context.once(allowAlls).values()) {
      if (overridden.length > 0 || seen.has(entry.key)) continue;
      seen.add(entry.key);
      yield {
        ...context.at(policy),
        message: "The policy allows everything, and no other isolates its pods: it changes nothing.",
      };
    }
  },
};
