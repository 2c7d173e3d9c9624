import type { KubeObject } from "@portcullis/kube";

/** core/v1 Service, as far as its endpoints depend on it. */
export interface ServiceObject extends KubeObject {
  readonly spec: {
    readonly type?: string;
    readonly selector?: Readonly<Record<string, string>>;
    readonly clusterIP?: string;
    readonly ipFamilies?: readonly ("IPv4" | "IPv6")[];
    readonly publishNotReadyAddresses?: boolean;
    readonly ports?: readonly ServicePortObject[];
  };
}

export interface ServicePortObject {
  readonly name?: string;
  readonly port: number;
  readonly protocol?: string;
  readonly targetPort?: number | string;
  readonly appProtocol?: string;
}

/** A port as its endpoints have it. */
export interface EndpointPort {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly appProtocol?: string;
}

/** discovery/v1 Endpoint. */
export interface Endpoint {
  readonly addresses: readonly string[];
  readonly conditions?: {
    readonly ready?: boolean;
    readonly serving?: boolean;
    readonly terminating?: boolean;
  };
  readonly hostname?: string;
  readonly targetRef?: Readonly<Record<string, unknown>>;
  readonly nodeName?: string;
}

export interface EndpointSlice extends KubeObject {
  readonly addressType: "IPv4" | "IPv6" | "FQDN";
  readonly endpoints?: readonly Endpoint[] | null;
  readonly ports?:
    | readonly {
        readonly name?: string;
        readonly port?: number;
        readonly protocol?: string;
        readonly appProtocol?: string;
      }[]
    | null;
}

export const serviceNameLabel = "kubernetes.io/service-name";
export const managedByLabel = "endpointslice.kubernetes.io/managed-by";
const headlessLabel = "service.kubernetes.io/headless";

const isHeadless = ({ spec }: ServiceObject): boolean => spec.clusterIP === "None";

/** Whether pods are looked for: without a selector somebody else says where the endpoints are. */
export function hasSelector({ spec }: ServiceObject): boolean {
  return spec.type !== "ExternalName" && Object.keys(spec.selector ?? {}).length > 0;
}

/** The Service's own labels, but for those that say what the object is. */
export function copiedLabels(service: ServiceObject): Readonly<Record<string, string>> {
  const own = [serviceNameLabel, managedByLabel, headlessLabel];
  const copied = Object.entries(service.metadata.labels ?? {}).filter(([key]) => !own.includes(key));
  return { ...Object.fromEntries(copied), ...(isHeadless(service) ? { [headlessLabel]: "" } : {}) };
}
