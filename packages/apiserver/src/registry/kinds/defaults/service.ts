import type { ApiObject } from "../../../api-object.ts";
import { asList, asRecord, withDefaults } from "../../../json.ts";

/** How long a client stays with its pod: three hours, in seconds. */
const affinitySeconds = 10_800;

/** What a Service is filled with (core/v1 defaults). */
export function withServiceDefaults(service: ApiObject): ApiObject {
  const spec = withDefaults(asRecord(service.spec), { type: "ClusterIP", sessionAffinity: "None" });
  const outside =
    spec.type === "NodePort" || spec.type === "LoadBalancer" || asList(spec.externalIPs).length > 0;
  const clientIP = withDefaults(asRecord(asRecord(spec.sessionAffinityConfig).clientIP), {
    timeoutSeconds: affinitySeconds,
  });
  const filled = withDefaults(spec, {
    ...(outside && spec.type !== "ExternalName" ? { externalTrafficPolicy: "Cluster" } : {}),
    ...(spec.type === "ExternalName" ? {} : { internalTrafficPolicy: "Cluster" }),
    ...(spec.type === "LoadBalancer" ? { allocateLoadBalancerNodePorts: true } : {}),
  });
  return {
    ...service,
    spec: {
      ...filled,
      ...(spec.sessionAffinity === "ClientIP" ? { sessionAffinityConfig: { clientIP } } : {}),
      ...(Array.isArray(spec.ports) ? { ports: spec.ports.map(withPortDefaults) } : {}),
    },
  };
}

function withPortDefaults(each: unknown): unknown {
  const port = withDefaults(asRecord(each), { protocol: "TCP" });
  return port.targetPort ? port : { ...port, targetPort: port.port };
}
