import type { LintRule } from "../lint-rule.ts";
import { listed, related } from "../names.ts";
import { redundancy } from "../redundancy.ts";

export const redundantPolicy: LintRule = {
  code: "redundant-policy",
  severity: "warning",
  title: "other policies isolate the same pods and allow everything that this policy does",
  help: "Without the policy the same is allowed and denied: always (a warning), or for the pods that are there now (an info).",
  *check(context) {
    for (const [{ policy }, { by, always }] of context.once(redundancy).policies) {
      const names = listed(by.map((other) => other.policy.name));
      const pods = always ? "whatever pods there are" : "for the pods that are there";
      yield {
        ...context.at(policy),
        message: `Without the policy the same would be allowed, ${pods}: see ${names}.`,
        ...(always ? {} : { severity: "info" as const }),
        related: related(
          by.slice(0, 3).map((other) => other.policy),
          "isolates and allows it already",
        ),
      };
    }
  },
};
