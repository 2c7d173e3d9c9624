import type { ClusterIps } from "../cluster-ips.ts";
import type { ResourceDef } from "../resource-def.ts";
import { ServiceAllocations } from "../service-allocations.ts";
import { type AccessDependencies, accessKinds } from "./access/index.ts";
import { priorityClasses, runtimeClasses, storageClasses } from "./classes.ts";
import { configMaps } from "./config-maps.ts";
import { controllerRevisions } from "./controller-revisions.ts";
import { cronJobs } from "./cron-jobs.ts";
import { customResourceDefinitions } from "./custom/custom-resource-definitions.ts";
import { daemonSets } from "./daemon-sets.ts";
import { deployments } from "./deployments.ts";
import { endpointSlices } from "./endpoint-slices.ts";
import { endpoints } from "./endpoints.ts";
import { events } from "./events.ts";
import { eventsV1 } from "./events-v1.ts";
import { horizontalPodAutoscalers } from "./horizontal-pod-autoscalers.ts";
import { horizontalPodAutoscalersV1 } from "./horizontal-pod-autoscalers-v1.ts";
import { ingressClasses, ingresses } from "./ingresses.ts";
import { jobs } from "./jobs.ts";
import { leases } from "./leases.ts";
import { namespaces } from "./namespaces.ts";
import { networkPolicies } from "./network-policies.ts";
import { nodes } from "./nodes.ts";
import { persistentVolumeClaims } from "./persistent-volume-claims.ts";
import { persistentVolumes } from "./persistent-volumes.ts";
import type { Lookup } from "./pod-admission/admit-pod.ts";
import { podDisruptionBudgets } from "./pod-disruption-budgets.ts";
import { podTemplates } from "./pod-templates.ts";
import { pods } from "./pods.ts";
import { replicaSets } from "./replica-sets.ts";
import { replicationControllers } from "./replication-controllers.ts";
import { limitRanges, resourceQuotas } from "./resource-quotas.ts";
import { secrets } from "./secrets.ts";
import { services } from "./services.ts";
import { statefulSets } from "./stateful-sets.ts";

/** The table: every kind that is served, by group. To add a kind is to add an entry. */
export function resourceDefs(
  clusterIps: ClusterIps,
  access: AccessDependencies,
  lookup: Lookup,
  clock: () => Date,
): readonly ResourceDef[] {
  return [
    configMaps,
    endpoints,
    events,
    limitRanges,
    namespaces,
    nodes,
    persistentVolumeClaims,
    persistentVolumes,
    pods(lookup),
    podTemplates,
    replicationControllers,
    resourceQuotas,
    secrets,
    services(new ServiceAllocations(clusterIps)),
    controllerRevisions,
    daemonSets,
    deployments,
    replicaSets,
    statefulSets,
    customResourceDefinitions(clock),
    horizontalPodAutoscalers,
    horizontalPodAutoscalersV1,
    cronJobs,
    jobs,
    leases,
    endpointSlices,
    eventsV1,
    ingressClasses,
    ingresses,
    networkPolicies,
    runtimeClasses,
    podDisruptionBudgets,
    priorityClasses,
    storageClasses,
    ...accessKinds(access),
  ];
}
