import type { Cluster } from "../cluster/cluster.ts";
import type { PortSet } from "../net/port-set.ts";
import { examplePort } from "./example-port.ts";
import type { FlowPorts } from "./flow-ports.ts";

/** The names of the policies that decide a flow at the ports: those whose rules allow it, or those that isolate. */
export function reasonFor(
  cluster: Cluster,
  { source, destination }: FlowPorts,
  expect: "allow" | "deny",
  ports: PortSet,
): readonly string[] {
  const at = examplePort(ports, destination.pod);
  const { allowed, egress, ingress } = cluster.evaluate({ source, destination, ...at });
  // Of pods that are told apart, this pair need not be the one that the fact rests on.
  if (allowed !== (expect === "allow")) return [];
  const names = [egress, ingress].flatMap((side) => {
    if (side.allowed !== allowed) return [];
    const policies = allowed ? [side.allowedBy?.policy] : side.isolatedBy;
    return policies.flatMap((policy) => (policy === undefined ? [] : [`${policy.namespace}/${policy.name}`]));
  });
  return [...new Set(names)];
}
