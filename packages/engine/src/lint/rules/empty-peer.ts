import type { LintRule } from "../lint-rule.ts";

export const emptyPeer: LintRule = {
  code: "empty-peer",
  severity: "error",
  title: "an empty peer, which the API server refuses",
  help: "`from: [{}]` is no peer. Everybody is an absent or empty `from`; every pod of the own namespace is `podSelector: {}`; every pod of the cluster is `namespaceSelector: {}`.",
  *check({ manifests }) {
    for (const { message, path, object, range } of manifests.diagnostics) {
      if (!message.includes("must specify a peer")) continue;
      yield {
        path,
        ...(object !== undefined && { object }),
        ...(range && { range }),
        message:
          "An empty peer is refused by the API server. Leave the list out for everybody; write podSelector: {} for all pods " +
          "of this namespace, namespaceSelector: {} for all pods of the cluster.",
      };
    }
  },
};
