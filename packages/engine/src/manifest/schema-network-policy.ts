import { closedObject, int32, intOrString, list, string } from "./schema.ts";
import { labelSelector, metadata, type RawLabelSelector, type RawMetadata } from "./schema-metadata.ts";

const ports = list(closedObject({ protocol: string, port: intOrString, endPort: int32 }));
const peers = list(
  closedObject({
    podSelector: labelSelector,
    namespaceSelector: labelSelector,
    ipBlock: closedObject({ cidr: string, except: list(string) }),
  }),
);

/** networking.k8s.io/v1 NetworkPolicy, whole. It has no status since 1.28. */
export const networkPolicy = closedObject({
  apiVersion: string,
  kind: string,
  metadata,
  spec: closedObject({
    podSelector: labelSelector,
    ingress: list(closedObject({ from: peers, ports })),
    egress: list(closedObject({ to: peers, ports })),
    policyTypes: list(string),
  }),
});

export interface RawNetworkPolicy {
  readonly metadata?: RawMetadata;
  readonly spec?: {
    readonly podSelector?: RawLabelSelector;
    readonly ingress?: readonly {
      readonly from?: readonly RawPeer[];
      readonly ports?: readonly RawPolicyPort[];
    }[];
    readonly egress?: readonly {
      readonly to?: readonly RawPeer[];
      readonly ports?: readonly RawPolicyPort[];
    }[];
    readonly policyTypes?: readonly string[];
  };
}

export interface RawPeer {
  readonly podSelector?: RawLabelSelector;
  readonly namespaceSelector?: RawLabelSelector;
  readonly ipBlock?: RawIPBlock;
}

export interface RawIPBlock {
  readonly cidr?: string;
  readonly except?: readonly string[];
}

export interface RawPolicyPort {
  readonly protocol?: string;
  readonly port?: number | string;
  readonly endPort?: number;
}
