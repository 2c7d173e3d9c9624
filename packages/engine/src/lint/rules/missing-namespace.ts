import type { LintRule } from "../lint-rule.ts";
import { listed } from "../names.ts";
import { withoutNamespace } from "../without-namespace.ts";

export const missingNamespace: LintRule = {
  code: "missing-namespace",
  severity: "warning",
  title: "a policy without a namespace among manifests that name one",
  help: "A policy without metadata.namespace lands in kubectl's current namespace, default here, and protects nothing elsewhere. Write the namespace.",
  *check(context) {
    for (const policy of context.once(withoutNamespace)) {
      const used = new Set(context.cluster.pods().map(({ namespace }) => namespace));
      yield {
        ...context.at(policy, ["metadata"], "key"),
        message: `The policy names no namespace and is taken for one of default; all pods here are in ${listed([...used])}.`,
      };
    }
  },
};
