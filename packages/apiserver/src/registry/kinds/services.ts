import type { ApiObject } from "../../api-object.ts";
import { asList, asRecord, asString } from "../../json.ts";
import type { ResourceDef } from "../resource-def.ts";
import type { ServiceAllocations } from "../service-allocations.ts";
import { serviceColumns } from "./columns/service-columns.ts";
import { withServiceDefaults } from "./defaults/service.ts";
import { kindEntry } from "./entry.ts";
import { serviceErrors } from "./validation/service.ts";

/** core/v1 Service: every one gets an address of each family of the cluster unless it asks for less or for none. */
export function services(allocations: ServiceAllocations): ResourceDef {
  return kindEntry({
    group: "",
    version: "v1",
    kind: "Service",
    plural: "services",
    shortNames: ["svc"],
    categories: ["all"],
    subresources: ["status", "proxy"],
    behaviour: "full",
    columns: serviceColumns,
    selectableFields: {
      "spec.clusterIP": ({ spec }) => asString(asRecord(spec).clusterIP),
      "spec.type": ({ spec }) => asString(asRecord(spec).type),
    },
    defaults: withServiceDefaults,
    validate: serviceErrors,
    warnings,
    prepareCreate: (service) => allocations.give({ ...service, status: { loadBalancer: {} } }),
    prepareUpdate: (service, old) => allocations.keep(service, old),
    rollback: (service, old) => allocations.takeBack(service, old),
    restore: (service) => allocations.restore(service),
    afterDelete: (service) => allocations.release(service),
  });
}

/** What a Service asks for that no node of this server gives it. */
function warnings({ spec }: ApiObject): readonly string[] {
  const { externalIPs, sessionAffinity, type } = asRecord(spec);
  return [
    ...(asList(externalIPs).length > 0 ? ["spec.externalIPs: not served by this server"] : []),
    ...(sessionAffinity === "ClientIP"
      ? ["spec.sessionAffinity: not kept by this server, every connection is balanced anew"]
      : []),
    ...(type === "LoadBalancer"
      ? ["spec.type: this server has no load balancer, use the ClusterIP or the node port"]
      : []),
  ];
}
