import type { ClusterIps } from "../cluster-ips.ts";
import type { ResourceDef } from "../resource-def.ts";
import { namespaces } from "./namespaces.ts";
import { networkPolicies } from "./network-policies.ts";
import { nodes } from "./nodes.ts";
import { pods } from "./pods.ts";
import { services } from "./services.ts";

/** The table: every kind that is served. To add a kind is to add an entry. */
export function resourceDefs(clusterIps: ClusterIps): readonly ResourceDef[] {
  return [namespaces, nodes, pods, services(clusterIps), networkPolicies];
}
