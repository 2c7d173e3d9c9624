import type { Resource } from "./client.ts";

const core = { group: "", version: "v1" } as const;

/** The kinds that Portcullis reads and writes. */
export const resources = {
  namespaces: { ...core, plural: "namespaces", kind: "Namespace", namespaced: false },
  nodes: { ...core, plural: "nodes", kind: "Node", namespaced: false },
  pods: { ...core, plural: "pods", kind: "Pod", namespaced: true },
  services: { ...core, plural: "services", kind: "Service", namespaced: true },
  networkpolicies: {
    group: "networking.k8s.io",
    version: "v1",
    plural: "networkpolicies",
    kind: "NetworkPolicy",
    namespaced: true,
  },
} as const satisfies Record<string, Resource>;

/** The resource that serves objects of this head (`networking.k8s.io/v1`, `NetworkPolicy`), if it is one of ours. */
export function resourceFor(apiVersion: string, kind: string): Resource | undefined {
  return Object.values<Resource>(resources).find((resource) => {
    const { group, version } = resource;
    return resource.kind === kind && apiVersion === (group === "" ? version : `${group}/${version}`);
  });
}
