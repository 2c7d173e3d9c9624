import type { LintRule } from "../lint-rule.ts";
import { related } from "../names.ts";
import { redundancy } from "../redundancy.ts";

export const duplicatePolicy: LintRule = {
  code: "duplicate-policy",
  severity: "warning",
  title: "two policies have the same effect",
  help: "They select the same pods, isolate them in the same directions and allow the same, whatever pods there are. One of them can go.",
  *check(context) {
    for (const [{ policy }, same] of context.once(redundancy).duplicates) {
      yield {
        ...context.at(policy),
        message: `The policy means the same as ${same.policy.name}.`,
        related: related([same.policy], "the same effect"),
      };
    }
  },
};
