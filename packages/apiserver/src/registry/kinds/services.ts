import { parseAddress, validateObject } from "@portcullis/engine";
import type { ApiObject } from "../../api-object.ts";
import { asRecord, asString, sameJson, withDefaults } from "../../json.ts";
import { type ClusterIps, requestedIps } from "../cluster-ips.ts";
import type { FieldError, Prepared, ResourceDef } from "../resource-def.ts";
import { serviceColumns } from "./columns/service-columns.ts";

/** core/v1 Service: every one gets an address of each family of the cluster unless it asks for less or for none. */
export function services(clusterIps: ClusterIps): ResourceDef {
  return {
    group: "",
    version: "v1",
    kind: "Service",
    plural: "services",
    singular: "service",
    shortNames: ["svc"],
    categories: ["all"],
    namespaced: true,
    subresources: ["status"],
    behaviour: "full",
    columns: serviceColumns,
    countsGeneration: false,
    selectableFields: {
      "spec.clusterIP": (object) => asString(asRecord(object.spec).clusterIP),
      "spec.type": (object) => asString(asRecord(object.spec).type),
    },
    defaults,
    validate: validateService,
    prepareCreate: (object) => withAddresses({ ...object, status: { loadBalancer: {} } }, clusterIps),
    prepareUpdate: (object, old) => keepAddresses(object, old, clusterIps),
    rollback: (object, old) => {
      const [spec, oldSpec] = [asRecord(object.spec), asRecord(old?.spec)];
      if (sameJson(spec.clusterIPs, oldSpec.clusterIPs)) return;
      clusterIps.release(spec);
      clusterIps.restore(oldSpec);
    },
    restore: ({ spec }) => clusterIps.restore(asRecord(spec)),
    afterDelete: (object) => clusterIps.release(asRecord(object.spec)),
  };
}

function defaults(service: ApiObject): ApiObject {
  const typed = withDefaults(asRecord(service.spec), { type: "ClusterIP", sessionAffinity: "None" });
  const spec =
    typed.type === "ExternalName" ? typed : withDefaults(typed, { internalTrafficPolicy: "Cluster" });
  if (!Array.isArray(spec.ports)) return { ...service, spec };
  const ports = spec.ports.map((each: unknown) => {
    const port = withDefaults(asRecord(each), { protocol: "TCP" });
    return port.targetPort ? port : { ...port, targetPort: port.port };
  });
  return { ...service, spec: { ...spec, ports } };
}

/** The addresses, which the engine does not look at. */
function validateService(value: unknown): readonly FieldError[] {
  const errors = validateObject(value);
  return errors.length > 0 ? errors : validateAddresses(asRecord(asRecord(value).spec));
}

function validateAddresses(spec: Readonly<Record<string, unknown>>): readonly FieldError[] {
  const ips = requestedIps(spec);
  const first = asString(spec.clusterIP);
  const whole = (why: string): FieldError[] => [
    { path: "spec.clusterIPs", message: `Invalid value: ${JSON.stringify(ips)}: ${why}`, code: "invalid" },
  ];
  if (first !== "" && ips[0] !== first) return whole("first value must match `clusterIP`");
  if (ips.length > 1 && ips.includes("None")) return whole("'None' must be the first and only value");
  if (ips.length > 2) return whole("may only hold up to 2 values");
  return ips.flatMap((ip, index) => {
    if (ip === "None" || parseAddress(ip) !== undefined) return [];
    const message = `Invalid value: ${JSON.stringify(ip)}: must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)`;
    return [{ path: `spec.clusterIPs[${index}]`, message, code: "invalid" }];
  });
}

function withAddresses(service: ApiObject, clusterIps: ClusterIps): Prepared {
  const spec = clusterIps.assign(asRecord(service.spec));
  return isFieldError(spec) ? [spec] : { ...service, spec };
}

/** An address stays for the life of the Service; only the change from and to ExternalName gives one up or gets one. */
function keepAddresses(service: ApiObject, old: ApiObject, clusterIps: ClusterIps): Prepared {
  const spec = asRecord(service.spec);
  const oldSpec = asRecord(old.spec);
  if (oldSpec.type === "ExternalName" || spec.type === "ExternalName") {
    const prepared = withAddresses(service, clusterIps);
    if (!Array.isArray(prepared)) clusterIps.release(oldSpec);
    return prepared;
  }
  const kept = withDefaults(withoutEmptyAddress(spec), {
    clusterIP: oldSpec.clusterIP,
    clusterIPs: oldSpec.clusterIPs,
    ipFamilies: oldSpec.ipFamilies,
    ipFamilyPolicy: oldSpec.ipFamilyPolicy,
  });
  if (oldSpec.ipFamilyPolicy !== undefined && kept.ipFamilyPolicy !== oldSpec.ipFamilyPolicy) {
    const message = "Forbidden: this server does not change the families of a Service that exists";
    return [{ path: "spec.ipFamilyPolicy", message, code: "forbidden" }];
  }
  const changed = (["clusterIPs", "ipFamilies"] as const).find(
    (field) => !sameJson(kept[field], oldSpec[field]),
  );
  if (changed === undefined && kept.clusterIP === oldSpec.clusterIP) return { ...service, spec: kept };
  const field = changed ?? "clusterIPs";
  const value = changed === undefined ? [kept.clusterIP] : kept[changed];
  const message = `Invalid value: ${JSON.stringify(value)}: may not change once set`;
  return [{ path: `spec.${field}[0]`, message, code: "invalid" }];
}

/** An empty clusterIP asks for nothing. */
function withoutEmptyAddress(spec: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (spec.clusterIP !== "") return spec;
  const { clusterIP: _, ...rest } = spec;
  return rest;
}

function isFieldError(value: Readonly<Record<string, unknown>> | FieldError): value is FieldError {
  return "path" in value && "code" in value;
}
