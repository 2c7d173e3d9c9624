import type { Cluster } from "../cluster/cluster.ts";
import type { Flow } from "../verdict/verdict.ts";
import { deniedBy } from "./denied-by.ts";
import type { DeniedBy } from "./flow-record.ts";

/**
 * What the staged policies would do to a flow: undefined when it passes with them too, and when it does not pass without
 * them. A side that they would close is isolated by none that is in force, so all policies named are staged ones.
 */
export function stagedDenial(cluster: Cluster, flow: Flow): DeniedBy | undefined {
  if (!cluster.hasStaged || cluster.allows(flow, { staged: true }) || !cluster.allows(flow)) return undefined;
  const { egress, ingress } = cluster.evaluate(flow, { staged: true });
  return deniedBy(egress.allowed ? ingress : egress);
}
