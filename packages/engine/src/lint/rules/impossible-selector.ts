import { emptySelections } from "../empty-selections.ts";
import type { LintRule } from "../lint-rule.ts";

export const impossibleSelector: LintRule = {
  code: "impossible-selector",
  severity: "error",
  title: "a selector contradicts itself",
  help: "All requirements of a selector must hold at once, and a label has one value. This selector can match nothing, whatever pods there are.",
  *check(context) {
    for (const { policy, path, isPeer, reason } of context.once(emptySelections)) {
      if (reason.kind !== "impossible") continue;
      yield {
        ...context.at(policy, isPeer ? [...path, reason.part] : path),
        message: `What this asks of the label ${reason.key} contradicts itself: no ${
          reason.part === "podSelector" ? "pod" : "namespace"
        } can match.`,
      };
    }
  },
};
