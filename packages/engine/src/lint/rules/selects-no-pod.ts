import { emptySelections } from "../empty-selections.ts";
import type { LintRule } from "../lint-rule.ts";
import { listed } from "../names.ts";

export const selectsNoPod: LintRule = {
  code: "selects-no-pod",
  severity: "warning",
  title: "the policy selects no pod",
  help: "A policy isolates only pods of its own namespace that its podSelector matches. One that matches none protects nothing.",
  *check(context) {
    for (const { policy, selection, path, isPeer, reason } of context.once(emptySelections)) {
      if (isPeer || reason.kind !== "no-pod") continue;
      const what = selection.pods.text === "*" ? "" : ` with ${selection.pods.text}`;
      const elsewhere = reason.elsewhere.length > 0 ? ` Such pods are in ${listed(reason.elsewhere)}.` : "";
      yield {
        ...context.at(policy, path),
        message: `No pod in namespace ${policy.namespace}${what}: the policy isolates nothing.${elsewhere}`,
      };
    }
  },
};
