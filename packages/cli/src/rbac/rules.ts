import { type Resource, resources } from "@portcullis/kube";

/** rbac.authorization.k8s.io/v1 PolicyRule, as far as we need one. */
export interface RbacRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** What reads the cluster's objects: the analysis and `status` once, the agent for as long as it runs. */
export type RbacPurpose = "analyse" | "agent" | "status";

export const analysedResources: readonly Resource[] = [
  resources.namespaces,
  resources.nodes,
  resources.pods,
  resources.services,
  resources.networkpolicies,
];

/** What an ingress controller has to reach stands in these. The answer does without them where they may not be read. */
export const ingresses: Resource = {
  group: "networking.k8s.io",
  version: "v1",
  plural: "ingresses",
  kind: "Ingress",
  namespaced: true,
};

const agentResources: readonly Resource[] = [
  resources.namespaces,
  resources.nodes,
  resources.pods,
  resources.networkpolicies,
];

/** Everything that is asked of the API for this purpose in all namespaces, and nothing else. */
export function rbacRules(purpose: RbacPurpose): readonly RbacRule[] {
  switch (purpose) {
    case "analyse":
      return rulesFor([...analysedResources, ingresses], ["list"]);
    case "agent":
      return rulesFor(agentResources, ["list", "watch"]);
    case "status":
      return [
        ...rulesFor([resources.nodes, resources.pods, resources.networkpolicies], ["list"]),
        ...rulesFor([resources.leases], ["list", "watch"]),
      ];
  }
}

/** The same in its own namespace: an agent publishes there what is in force on its node. */
export function rbacOwnRules(purpose: RbacPurpose): readonly RbacRule[] {
  return purpose === "agent" ? rulesFor([resources.leases], ["get", "create", "update"]) : [];
}

/** One rule for each API group, in the order of the resources. */
export function rulesFor(wanted: readonly Resource[], verbs: readonly string[]): readonly RbacRule[] {
  const groups = [...new Set(wanted.map(({ group }) => group))];
  return groups.map((group) => ({
    apiGroups: [group],
    resources: wanted.filter((resource) => resource.group === group).map(({ plural }) => plural),
    verbs,
  }));
}
