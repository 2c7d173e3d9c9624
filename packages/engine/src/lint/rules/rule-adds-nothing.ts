import type { LintRule } from "../lint-rule.ts";
import { listed, related } from "../names.ts";
import { redundancy } from "../redundancy.ts";

export const ruleAddsNothing: LintRule = {
  code: "rule-adds-nothing",
  severity: "warning",
  title: "other policies allow everything that this rule does",
  help: "Without the rule the same is allowed: always (a warning), or for the pods that are there now (an info).",
  *check(context) {
    for (const { walked, by, always } of context.once(redundancy).elsewhere.values()) {
      const names =
        by.length === 0 ? "the other rules of this policy" : listed(by.map(({ policy }) => policy.name));
      const pods = always ? "Whatever pods there are" : "For the pods that are there";
      yield {
        ...context.at(walked.policy, walked.path),
        message: `${pods}, this rule allows nothing that ${names} would not allow anyway.`,
        ...(always ? {} : { severity: "info" as const }),
        related: related(
          by.slice(0, 3).map(({ policy }) => policy),
          "allows it already",
        ),
      };
    }
  },
};
