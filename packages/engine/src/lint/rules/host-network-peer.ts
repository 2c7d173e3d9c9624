import { emptySelections } from "../empty-selections.ts";
import type { LintRule } from "../lint-rule.ts";
import { listed, podLabel } from "../names.ts";

export const hostNetworkPeer: LintRule = {
  code: "host-network-peer",
  severity: "warning",
  title: "a peer selects only pods with hostNetwork, which selectors do not match",
  help: "Traffic of a pod with hostNetwork: true comes from its node's address. Allow that address by an ipBlock instead.",
  *check(context) {
    for (const { policy, path, isPeer, reason } of context.once(emptySelections)) {
      if (!isPeer || reason.kind !== "host-network") continue;
      const pods = listed(reason.pods.map((pod) => podLabel(pod, policy.namespace)));
      yield {
        ...context.at(policy, path),
        message: `This peer lets nobody through: ${pods} would match, but selectors do not match hostNetwork pods. Use an ipBlock with the nodes' addresses.`,
      };
    }
  },
};
