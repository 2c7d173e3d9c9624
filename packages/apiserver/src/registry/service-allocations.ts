import type { ApiObject } from "../api-object.ts";
import { asRecord, sameJson, withDefaults } from "../json.ts";
import type { ClusterIps } from "./cluster-ips.ts";
import { NodePorts } from "./node-ports.ts";
import type { FieldError, Prepared } from "./resource-def.ts";

type Spec = Readonly<Record<string, unknown>>;

/** What Services are given: addresses inside the cluster and ports of the nodes. Each step is all or nothing. */
export class ServiceAllocations {
  readonly #clusterIps: ClusterIps;
  readonly #nodePorts = new NodePorts();

  constructor(clusterIps: ClusterIps) {
    this.#clusterIps = clusterIps;
  }

  give(service: ApiObject): Prepared {
    const spec = this.#clusterIps.assign(asRecord(service.spec));
    if (isFieldError(spec)) return [spec];
    const withPorts = this.#nodePorts.assign(spec);
    if (!isFieldError(withPorts)) return { ...service, spec: withPorts };
    this.#clusterIps.release(spec);
    return [withPorts];
  }

  /** What a Service has stays for its life, unless its type changes to one that has no use for it. */
  keep(service: ApiObject, old: ApiObject): Prepared {
    const oldSpec = asRecord(old.spec);
    const prepared = this.#keepAddresses(service, old);
    if (isRefusal(prepared)) return prepared;
    const spec = this.#nodePorts.assign(asRecord(prepared.spec), oldSpec);
    if (!isFieldError(spec)) return { ...prepared, spec };
    this.#swapAddresses(asRecord(prepared.spec), oldSpec);
    return [spec];
  }

  /** The Service `object` is not written, in place of `old`: what it was given is given back. */
  takeBack(object: ApiObject, old: ApiObject | undefined): void {
    const [spec, oldSpec] = [asRecord(object.spec), asRecord(old?.spec)];
    this.#swapAddresses(spec, oldSpec);
    this.#nodePorts.release(spec);
    this.#nodePorts.restore(oldSpec);
  }

  restore({ spec }: ApiObject): void {
    this.#clusterIps.restore(asRecord(spec));
    this.#nodePorts.restore(asRecord(spec));
  }

  release({ spec }: ApiObject): void {
    this.#clusterIps.release(asRecord(spec));
    this.#nodePorts.release(asRecord(spec));
  }

  #swapAddresses(spec: Spec, oldSpec: Spec): void {
    if (sameJson(spec.clusterIPs, oldSpec.clusterIPs)) return;
    this.#clusterIps.release(spec);
    this.#clusterIps.restore(oldSpec);
  }

  #keepAddresses(service: ApiObject, old: ApiObject): Prepared {
    const spec = asRecord(service.spec);
    const oldSpec = asRecord(old.spec);
    if (oldSpec.type === "ExternalName" || spec.type === "ExternalName") {
      const assigned = this.#clusterIps.assign(spec);
      if (isFieldError(assigned)) return [assigned];
      this.#clusterIps.release(oldSpec);
      return { ...service, spec: assigned };
    }
    const kept = withDefaults(withoutEmptyAddress(spec), {
      clusterIP: oldSpec.clusterIP,
      clusterIPs: oldSpec.clusterIPs,
      ipFamilies: oldSpec.ipFamilies,
      ipFamilyPolicy: oldSpec.ipFamilyPolicy,
    });
    const refusal = addressesChanged(kept, oldSpec);
    return refusal === undefined ? { ...service, spec: kept } : [refusal];
  }
}

function addressesChanged(spec: Spec, old: Spec): FieldError | undefined {
  if (old.ipFamilyPolicy !== undefined && spec.ipFamilyPolicy !== old.ipFamilyPolicy) {
    const message = "Forbidden: this server does not change the families of a Service that exists";
    return { path: "spec.ipFamilyPolicy", message, code: "forbidden" };
  }
  const changed = (["clusterIPs", "ipFamilies"] as const).find((field) => !sameJson(spec[field], old[field]));
  if (changed === undefined && spec.clusterIP === old.clusterIP) return undefined;
  const field = changed ?? "clusterIPs";
  const value = changed === undefined ? [spec.clusterIP] : spec[changed];
  const message = `Invalid value: ${JSON.stringify(value)}: may not change once set`;
  return { path: `spec.${field}[0]`, message, code: "invalid" };
}

/** An empty clusterIP asks for nothing. */
function withoutEmptyAddress(spec: Spec): Spec {
  if (spec.clusterIP !== "") return spec;
  const { clusterIP: _, ...rest } = spec;
  return rest;
}

function isFieldError(value: Spec | FieldError): value is FieldError {
  return "path" in value && "code" in value;
}

function isRefusal(prepared: Prepared): prepared is readonly FieldError[] {
  return Array.isArray(prepared);
}
