import type { Resource } from "./client.ts";

const core = { group: "", version: "v1" } as const;
const apps = { group: "apps", version: "v1" } as const;
const batch = { group: "batch", version: "v1" } as const;

/** The kinds that Portcullis reads and writes. */
export const resources = {
  namespaces: { ...core, plural: "namespaces", kind: "Namespace", namespaced: false },
  nodes: { ...core, plural: "nodes", kind: "Node", namespaced: false },
  pods: { ...core, plural: "pods", kind: "Pod", namespaced: true },
  services: { ...core, plural: "services", kind: "Service", namespaced: true },
  configmaps: { ...core, plural: "configmaps", kind: "ConfigMap", namespaced: true },
  secrets: { ...core, plural: "secrets", kind: "Secret", namespaced: true },
  serviceaccounts: { ...core, plural: "serviceaccounts", kind: "ServiceAccount", namespaced: true },
  endpoints: { ...core, plural: "endpoints", kind: "Endpoints", namespaced: true },
  events: { ...core, plural: "events", kind: "Event", namespaced: true },
  deployments: { ...apps, plural: "deployments", kind: "Deployment", namespaced: true },
  replicasets: { ...apps, plural: "replicasets", kind: "ReplicaSet", namespaced: true },
  statefulsets: { ...apps, plural: "statefulsets", kind: "StatefulSet", namespaced: true },
  daemonsets: { ...apps, plural: "daemonsets", kind: "DaemonSet", namespaced: true },
  controllerrevisions: {
    ...apps,
    plural: "controllerrevisions",
    kind: "ControllerRevision",
    namespaced: true,
  },
  jobs: { ...batch, plural: "jobs", kind: "Job", namespaced: true },
  cronjobs: { ...batch, plural: "cronjobs", kind: "CronJob", namespaced: true },
  endpointslices: {
    group: "discovery.k8s.io",
    version: "v1",
    plural: "endpointslices",
    kind: "EndpointSlice",
    namespaced: true,
  },
  leases: {
    group: "coordination.k8s.io",
    version: "v1",
    plural: "leases",
    kind: "Lease",
    namespaced: true,
  },
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
