import type { KubeObject } from "@portcullis/kube";

/** What a node acts on of a core/v1 Service besides what the engine keeps of it. */
export interface RawService extends KubeObject {
  readonly spec?: {
    readonly type?: string;
    readonly externalName?: string;
    readonly publishNotReadyAddresses?: boolean;
  };
}

/** discovery/v1 EndpointSlice, as far as packets are sent by it. */
export interface RawEndpointSlice extends KubeObject {
  readonly addressType?: string;
  readonly endpoints?:
    | readonly {
        readonly addresses?: readonly string[];
        readonly hostname?: string;
        readonly conditions?: { readonly ready?: boolean };
      }[]
    | null;
  readonly ports?:
    | readonly { readonly name?: string; readonly port?: number; readonly protocol?: string }[]
    | null;
}

/** Slices that others wrote: those of our own controller say what the node knows of its pods already. */
export const foreignSlices = "endpointslice.kubernetes.io/managed-by!=endpointslice-controller.k8s.io";

/** `namespace/name` of the Service that a slice is of. */
export const sliceService = ({ metadata }: KubeObject): string =>
  `${metadata.namespace}/${metadata.labels?.["kubernetes.io/service-name"] ?? ""}`;
