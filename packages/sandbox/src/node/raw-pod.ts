import type { KubeObject } from "@portcullis/kube";

/** The fields of core/v1 Pod that a node acts on. The API server has validated them. */
export interface RawPod extends KubeObject {
  readonly spec: RawPodSpec;
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

export interface RawPodSpec {
  readonly nodeName?: string;
  readonly hostNetwork?: boolean;
  readonly hostname?: string;
  readonly terminationGracePeriodSeconds?: number;
  readonly restartPolicy?: "Always" | "OnFailure" | "Never";
  readonly containers: readonly RawContainer[];
  readonly hostAliases?: readonly { readonly ip: string; readonly hostnames?: readonly string[] }[];
}

export interface RawContainer {
  readonly name: string;
  readonly image?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly workingDir?: string;
  readonly env?: readonly RawEnv[];
  readonly envFrom?: readonly unknown[];
  readonly ports?: readonly RawPort[];
}

interface RawEnv {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly fieldRef?: { readonly fieldPath: string } };
}

interface RawPort {
  readonly containerPort: number;
  readonly protocol?: "TCP" | "UDP" | "SCTP";
}

/** `namespace/name`. */
export const podKey = ({ metadata }: KubeObject): string =>
  `${metadata.namespace ?? "default"}/${metadata.name}`;
