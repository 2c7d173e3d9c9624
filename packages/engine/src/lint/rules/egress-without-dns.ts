import type { PolicyEntry } from "../../cluster/policy-entry.ts";
import { dnsAnswer } from "../dns.ts";
import { effects } from "../effects.ts";
import type { LintContext } from "../lint-context.ts";
import type { LintRule } from "../lint-rule.ts";
import { listed, podLabel } from "../names.ts";

export const egressWithoutDns: LintRule = {
  code: "egress-without-dns",
  severity: "warning",
  title: "pods may send, but cannot ask DNS",
  help: "Egress rules do not imply DNS. Without UDP and TCP 53 to the cluster's DNS (and to 169.254.20.10 where NodeLocal DNSCache runs) no name resolves, and connections fail before they start.",
  *check(context) {
    const groups = context.once(groupsWithoutDns);
    for (const { policy, pods, missing } of groups) {
      const where =
        missing === "node-local" ? "to the node-local cache at 169.254.20.10" : "to the cluster's DNS";
      yield {
        ...context.at(policy.policy, ["spec", "egress"], "key"),
        message: `${listed(pods)} may send, but not ask for names: no egress rule allows UDP 53 ${where}.`,
      };
    }
  },
};

interface Group {
  readonly policy: PolicyEntry;
  readonly pods: readonly string[];
  readonly missing: "dns" | "node-local";
}

/** Pods by the policies that isolate them; each group is told at the first policy with egress rules. */
function groupsWithoutDns(context: LintContext): readonly Group[] {
  if (!context.knowsPods) {
    return context.policies
      .filter(({ policy, rules }) => policy.policyTypes.includes("Egress") && rules.Egress.length > 0)
      .flatMap((policy) => {
        const answer = dnsAnswer(context, undefined, [policy]);
        const pods = [`the pods of ${policy.policy.name}`];
        return answer === "reached" ? [] : [{ policy, pods, missing: answer }];
      });
  }
  const reach = context.once(effects);
  const groups = new Map<string, { policy: PolicyEntry; pods: string[]; missing: Group["missing"] }>();
  for (const each of reach.classes) {
    const policies = reach.policies(each, "Egress");
    const first = policies.find(({ rules }) => rules.Egress.length > 0);
    if (first === undefined || each.pods.length === 0) continue;
    const key = reach.signature("Egress", each);
    const pods = each.pods.map((pod) => podLabel(pod, first.policy.namespace));
    const group = groups.get(key);
    if (group !== undefined) {
      group.pods.push(...pods);
      continue;
    }
    const answer = dnsAnswer(context, each, policies);
    if (answer !== "reached") groups.set(key, { policy: first, pods, missing: answer });
  }
  return [...groups.values()];
}
