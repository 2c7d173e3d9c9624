import { emptySelections } from "../empty-selections.ts";
import type { LintRule } from "../lint-rule.ts";
import { listed } from "../names.ts";

export const peerSelectsNoPod: LintRule = {
  code: "peer-selects-no-pod",
  severity: "warning",
  title: "a peer selects no pod",
  help: "A peer that matches no pod lets nobody through. A podSelector without a namespaceSelector looks in the policy's own namespace only.",
  *check(context) {
    for (const { policy, selection, path, isPeer, reason } of context.once(emptySelections)) {
      if (!isPeer || reason.kind !== "no-pod") continue;
      const { scope, pods } = selection;
      const where =
        "namespace" in scope
          ? `namespace ${scope.namespace}`
          : `the namespaces with ${scope.namespaces.text}`;
      const what = pods.text === "*" ? "has any pod" : `has a pod with ${pods.text}`;
      const own = "namespace" in scope && reason.elsewhere.length > 0;
      const hint = own
        ? ` Such pods are in ${listed(reason.elsewhere)}: a namespaceSelector in the same item would find them.`
        : "";
      yield {
        ...context.at(policy, path),
        message: `Nothing in ${where} ${what}: this peer lets nobody through.${hint}`,
      };
    }
  },
};
