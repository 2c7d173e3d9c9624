import { isObject } from "../../manifest/decode.ts";
import type { LintRule } from "../lint-rule.ts";
import { listed } from "../names.ts";

export const missingNamespace: LintRule = {
  code: "missing-namespace",
  severity: "warning",
  title: "a policy without a namespace among manifests that name one",
  help: "A policy without metadata.namespace lands in kubectl's current namespace, default here, and protects nothing elsewhere. Write the namespace.",
  *check(context) {
    const used = new Set(context.cluster.pods().map(({ namespace }) => namespace));
    if (used.size === 0 || used.has("default")) return;
    for (const { policy } of context.policies) {
      const written = context.written(policy);
      const metadata = isObject(written) && isObject(written.metadata) ? written.metadata : undefined;
      if (metadata === undefined || metadata.namespace) continue;
      yield {
        ...context.at(policy, ["metadata"], "key"),
        message: `The policy names no namespace and is taken for one of default; all pods here are in ${listed([...used])}.`,
      };
    }
  },
};
