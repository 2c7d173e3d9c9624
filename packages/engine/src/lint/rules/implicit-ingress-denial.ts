import { isObject } from "../../manifest/decode.ts";
import type { LintRule } from "../lint-rule.ts";

export const implicitIngressDenial: LintRule = {
  code: "implicit-ingress-denial",
  severity: "warning",
  title: "a policy with egress rules alone denies all ingress too",
  help: "Without policyTypes every policy isolates ingress, and egress as well when it has egress rules. Say policyTypes: [Egress] when ingress was not meant.",
  *check(context) {
    for (const { policy } of context.policies) {
      if (policy.egress.length === 0 || policy.ingress.length > 0) continue;
      const written = context.written(policy);
      const spec = isObject(written) && isObject(written.spec) ? written.spec : undefined;
      if (spec === undefined || spec.policyTypes !== undefined || spec.ingress !== undefined) continue;
      const place = context.at(policy, ["spec", "egress"], "key");
      const start = place.range?.start;
      yield {
        ...place,
        message:
          "Without policyTypes the policy isolates ingress as well, and allows none: nobody may reach its pods.",
        fix:
          place.range &&
          start &&
          isBlockKey(context.source.editable(place.range.file), start.offset, start.column)
            ? {
                title: "add policyTypes: [Egress]",
                safe: false,
                edits: [
                  {
                    file: place.range.file,
                    start: start.offset,
                    end: start.offset,
                    text: `policyTypes: [Egress]\n${" ".repeat(start.column - 1)}`,
                  },
                ],
              }
            : undefined,
      };
    }
  },
};

/** Nothing but indentation stands before the key. */
function isBlockKey(text: string | undefined, offset: number, column: number): boolean {
  return text?.slice(offset - column + 1, offset).trim() === "";
}
