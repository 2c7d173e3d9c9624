import {
  any,
  bool,
  closedObject,
  int32,
  int64,
  intOrString,
  list,
  openObject,
  string,
  stringMap,
} from "./schema.ts";
import { metadata, type RawMetadata } from "./schema-metadata.ts";

/** v1 Namespace, whole. */
export const namespace = closedObject({
  apiVersion: string,
  kind: string,
  metadata,
  spec: closedObject({ finalizers: list(string) }),
  status: any,
});

export interface RawNamespace {
  readonly metadata?: RawMetadata;
}

/** v1 Node, as far as its addresses go. */
export const node = openObject({
  metadata,
  status: openObject({ addresses: list(openObject({ type: string, address: string })) }),
});

export interface RawNode {
  readonly metadata?: RawMetadata;
  readonly status?: { readonly addresses?: readonly { readonly type?: string; readonly address?: string }[] };
}

/** v1 Service, whole but for its status. */
export const service = closedObject({
  apiVersion: string,
  kind: string,
  metadata,
  spec: closedObject({
    allocateLoadBalancerNodePorts: bool,
    clusterIP: string,
    clusterIPs: list(string),
    externalIPs: list(string),
    externalName: string,
    externalTrafficPolicy: string,
    healthCheckNodePort: int32,
    internalTrafficPolicy: string,
    ipFamilies: list(string),
    ipFamilyPolicy: string,
    loadBalancerClass: string,
    loadBalancerIP: string,
    loadBalancerSourceRanges: list(string),
    ports: list(
      closedObject({
        appProtocol: string,
        name: string,
        nodePort: int32,
        port: int32,
        protocol: string,
        targetPort: intOrString,
      }),
    ),
    publishNotReadyAddresses: bool,
    selector: stringMap,
    sessionAffinity: string,
    sessionAffinityConfig: any,
    trafficDistribution: string,
    type: string,
  }),
  status: any,
});

export interface RawService {
  readonly metadata?: RawMetadata;
  readonly spec?: {
    readonly clusterIP?: string;
    readonly clusterIPs?: readonly string[];
    readonly ports?: readonly RawServicePort[];
    readonly selector?: Readonly<Record<string, string>>;
    readonly type?: string;
  };
}

export interface RawServicePort {
  readonly name?: string;
  readonly nodePort?: number;
  readonly port?: number;
  readonly protocol?: string;
  readonly targetPort?: number | string;
}

const container = openObject({
  name: string,
  image: string,
  restartPolicy: string,
  ports: list(
    closedObject({ containerPort: int32, hostIP: string, hostPort: int32, name: string, protocol: string }),
  ),
});

const podSpec = openObject({
  containers: list(container),
  initContainers: list(container),
  hostNetwork: bool,
  nodeName: string,
  terminationGracePeriodSeconds: int64,
});

export const podTemplate = closedObject({ metadata, spec: podSpec });

/** v1 Pod, as far as its addresses, labels and ports go. */
export const pod = closedObject({
  apiVersion: string,
  kind: string,
  metadata,
  spec: podSpec,
  status: openObject({ phase: string, podIP: string, podIPs: list(openObject({ ip: string })) }),
});

export interface RawPod extends RawPodTemplate {
  readonly status?: {
    readonly phase?: string;
    readonly podIP?: string;
    readonly podIPs?: readonly { readonly ip?: string }[];
  };
}

export interface RawPodTemplate {
  readonly metadata?: RawMetadata;
  readonly spec?: RawPodSpec;
}

export interface RawPodSpec {
  readonly containers?: readonly RawContainer[];
  readonly initContainers?: readonly RawContainer[];
  readonly hostNetwork?: boolean;
  readonly nodeName?: string;
}

export interface RawContainer {
  readonly name?: string;
  readonly image?: string;
  readonly restartPolicy?: string;
  readonly ports?: readonly RawContainerPort[];
}

export interface RawContainerPort {
  readonly containerPort?: number;
  readonly hostPort?: number;
  readonly name?: string;
  readonly protocol?: string;
}
