import { notIsolated } from "../isolation.ts";
import type { LintRule } from "../lint-rule.ts";

export const egressNotIsolated: LintRule = {
  code: "egress-not-isolated",
  severity: "info",
  title: "a workload without egress isolation: it may send anywhere",
  help: "A pod that no policy with policyTypes Egress selects may send everywhere, out of the cluster too. Whether that is a risk depends on what runs in it.",
  check: (context) => notIsolated(context, "Egress"),
};
