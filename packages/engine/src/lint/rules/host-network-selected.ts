import { groupBy } from "../../group-by.ts";
import type { Pod } from "../../model/objects.ts";
import { selects } from "../../selector/selector.ts";
import type { LintContext } from "../lint-context.ts";
import type { LintRule } from "../lint-rule.ts";
import { listed, podLabel } from "../names.ts";

export const hostNetworkSelected: LintRule = {
  code: "host-network-selected",
  severity: "warning",
  title: "the policy selects pods with hostNetwork, which it cannot isolate",
  help: "A pod with hostNetwork: true uses its node's network. Policies do not apply to it, whatever its labels say.",
  *check(context) {
    const byNamespace = context.once(hostPods);
    for (const { policy, subject } of context.policies) {
      const pods = (byNamespace.get(policy.namespace) ?? []).filter(({ labels }) =>
        selects(subject.pods, labels),
      );
      if (pods.length === 0) continue;
      const all = subject.members.size === 0 ? " It has no other pod." : "";
      yield {
        ...context.at(policy, ["spec", "podSelector"]),
        // A policy for all pods of a namespace need not have meant these.
        ...(subject.pods.text === "*" && all === "" ? { severity: "info" as const } : {}),
        message: `The policy does nothing for ${listed(pods.map((pod) => podLabel(pod, policy.namespace)))}: hostNetwork pods have the node's network.${all}`,
        related: pods.slice(0, 3).flatMap(({ range }) => (range ? [{ message: "this pod", range }] : [])),
      };
    }
  },
};

function hostPods({ cluster }: LintContext): ReadonlyMap<string, readonly Pod[]> {
  return groupBy(
    cluster.pods().filter(({ hostNetwork }) => hostNetwork),
    ({ namespace }) => namespace,
  );
}
