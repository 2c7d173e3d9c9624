import type { LintRule } from "../lint-rule.ts";

/** Kinds that decide about traffic too, by their API groups. */
const groups: ReadonlyMap<string, RegExp> = new Map([
  ["cilium.io", /^Cilium(?:Clusterwide)?NetworkPolicy$/],
  ["crd.projectcalico.org", /^(?:Global)?NetworkPolicy$/],
  ["projectcalico.org", /^(?:Staged)?(?:Global)?NetworkPolicy$/],
  ["crd.antrea.io", /^(?:Cluster)?NetworkPolicy$/],
  ["policy.networking.k8s.io", /^(?:Baseline)?(?:AdminNetworkPolicy|ClusterNetworkPolicy)$/],
  ["security.istio.io", /^AuthorizationPolicy$/],
]);

export const foreignPolicy: LintRule = {
  code: "foreign-policy",
  severity: "warning",
  title: "a policy of another kind, which is not analysed",
  help: "It decides about traffic too, and may deny or allow before NetworkPolicies are asked. What is said here leaves it out.",
  *check({ manifests }) {
    for (const { kind, object, range } of manifests.passedOver) {
      const [apiVersion = "", name = ""] = kind.split(" ");
      if (!groups.get(apiVersion.split("/")[0]!)?.test(name)) continue;
      yield {
        object,
        path: "",
        range,
        message: `${kind} decides about traffic too and is not analysed: what is allowed or denied here leaves it out.`,
      };
    }
  },
};
