import { isObject } from "../../manifest/decode.ts";
import { effects } from "../effects.ts";
import type { LintRule } from "../lint-rule.ts";

export const egressDeniedSilently: LintRule = {
  code: "egress-denied-silently",
  severity: "warning",
  title: "policyTypes lists Egress, and there are no egress rules",
  help: "The policy's ingress rules suggest that pods should work, but they may send nothing, not even ask DNS. Leave Egress out, or write egress: [] to show that it is meant.",
  *check(context) {
    const reach = context.once(effects);
    for (const entry of context.policies) {
      const { policy } = entry;
      if (!policy.policyTypes.includes("Egress") || policy.egress.length > 0 || policy.ingress.length === 0)
        continue;
      const written = context.written(policy);
      if (isObject(written) && isObject(written.spec) && Array.isArray(written.spec.egress)) continue;
      const isOpened = reach
        .subjects(entry)
        .some((subject) => reach.policies(subject, "Egress").some(({ rules }) => rules.Egress.length > 0));
      if (isOpened) continue;
      yield {
        ...context.at(policy, ["spec", "policyTypes"]),
        message:
          "Egress is isolated, and no rule allows any: the pods may answer but open no connection, not even to DNS.",
      };
    }
  },
};
