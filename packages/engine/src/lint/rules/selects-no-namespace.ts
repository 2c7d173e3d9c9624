import { emptySelections } from "../empty-selections.ts";
import type { LintRule } from "../lint-rule.ts";

const nameLabel = "kubernetes.io/metadata.name";

export const selectsNoNamespace: LintRule = {
  code: "selects-no-namespace",
  severity: "warning",
  title: "a namespaceSelector matches no namespace",
  help: "A namespaceSelector goes by the labels of Namespace objects, not by their names. Every namespace carries kubernetes.io/metadata.name with its name.",
  *check(context) {
    for (const { policy, path, reason } of context.once(emptySelections)) {
      if (reason.kind !== "no-namespace") continue;
      const names = new Set(context.cluster.namespaces().map(({ name }) => name));
      const values = reason.selector.requirements.flatMap(({ operator, values }) =>
        operator === "In" ? values : [],
      );
      const named = values.find((value) => names.has(value));
      const isByName = reason.selector.requirements.every(({ key }) => key === nameLabel);
      const hint =
        named === undefined || isByName
          ? "Namespace objects that are not among what was read have their name label only."
          : `There is a namespace ${named}: select it by ${nameLabel}: ${named}.`;
      yield {
        ...context.at(policy, [...path, "namespaceSelector"]),
        message: `No namespace has ${reason.selector.text}. ${hint}`,
      };
    }
  },
};
