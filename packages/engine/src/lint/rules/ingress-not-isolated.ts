import { notIsolated } from "../isolation.ts";
import type { LintRule } from "../lint-rule.ts";

export const ingressNotIsolated: LintRule = {
  code: "ingress-not-isolated",
  severity: "info",
  title: "a workload without ingress isolation: it may be reached from anywhere",
  help: "A pod that no policy with policyTypes Ingress selects accepts everything. A policy with podSelector: {} and no rules closes the namespace by default.",
  check: (context) => notIsolated(context, "Ingress"),
};
