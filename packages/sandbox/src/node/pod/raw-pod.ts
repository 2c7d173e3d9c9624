import type { KubeObject } from "@portcullis/kube";
import type { RawVolume, RawVolumeMount } from "./volumes/raw-volume.ts";

/** The fields of core/v1 Pod that a node acts on. The API server has validated them. */
export interface RawPod extends KubeObject {
  readonly spec: RawPodSpec;
  readonly status?: { readonly phase?: string; readonly conditions?: readonly RawCondition[] };
}

/** core/v1 PodCondition. */
export interface RawCondition {
  readonly type: string;
  readonly status: string;
  readonly lastTransitionTime?: string;
  readonly reason?: string;
  readonly message?: string;
}

export interface RawPodSpec {
  readonly nodeName?: string;
  readonly hostNetwork?: boolean;
  readonly hostname?: string;
  readonly subdomain?: string;
  readonly setHostnameAsFQDN?: boolean;
  readonly serviceAccountName?: string;
  readonly enableServiceLinks?: boolean;
  readonly terminationGracePeriodSeconds?: number;
  readonly activeDeadlineSeconds?: number;
  readonly restartPolicy?: RestartPolicy;
  readonly dnsPolicy?: "ClusterFirst" | "ClusterFirstWithHostNet" | "Default" | "None";
  readonly dnsConfig?: RawDnsConfig;
  readonly containers: readonly RawContainer[];
  readonly initContainers?: readonly RawContainer[];
  readonly volumes?: readonly RawVolume[];
  readonly hostAliases?: readonly { readonly ip: string; readonly hostnames?: readonly string[] }[];
  readonly readinessGates?: readonly { readonly conditionType: string }[];
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly affinity?: unknown;
  readonly tolerations?: readonly RawToleration[];
  readonly schedulerName?: string;
  readonly schedulingGates?: readonly { readonly name: string }[];
}

export type RestartPolicy = "Always" | "OnFailure" | "Never";

interface RawDnsConfig {
  readonly nameservers?: readonly string[];
  readonly searches?: readonly string[];
  readonly options?: readonly { readonly name: string; readonly value?: string }[];
}

export interface RawToleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
}

export interface RawContainer {
  readonly name: string;
  readonly image?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly workingDir?: string;
  readonly stdin?: boolean;
  readonly stdinOnce?: boolean;
  readonly tty?: boolean;
  readonly env?: readonly RawEnv[];
  readonly envFrom?: readonly RawEnvFrom[];
  readonly ports?: readonly RawPort[];
  readonly resources?: RawResources;
  readonly volumeMounts?: readonly RawVolumeMount[];
  /** Of an init container: `Always` makes it a sidecar. */
  readonly restartPolicy?: RestartPolicy;
  readonly lifecycle?: { readonly postStart?: RawHandler; readonly preStop?: RawHandler };
  readonly startupProbe?: RawProbe;
  readonly readinessProbe?: RawProbe;
  readonly livenessProbe?: RawProbe;
}

interface RawResources {
  readonly limits?: Readonly<Record<string, string | number>>;
  readonly requests?: Readonly<Record<string, string | number>>;
}

/** A named object of the pod's namespace that may be allowed to be missing. */
export interface RawReference {
  readonly name?: string;
  readonly optional?: boolean;
}

export interface RawFieldRef {
  readonly fieldPath: string;
}

export interface RawResourceFieldRef {
  readonly containerName?: string;
  readonly resource: string;
  readonly divisor?: string | number;
}

interface RawEnv {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly fieldRef?: RawFieldRef;
    readonly resourceFieldRef?: RawResourceFieldRef;
    readonly configMapKeyRef?: RawReference & { readonly key: string };
    readonly secretKeyRef?: RawReference & { readonly key: string };
  };
}

interface RawEnvFrom {
  readonly prefix?: string;
  readonly configMapRef?: RawReference;
  readonly secretRef?: RawReference;
}

interface RawPort {
  readonly name?: string;
  readonly containerPort: number;
  readonly protocol?: "TCP" | "UDP" | "SCTP";
}

/** What a probe or a lifecycle hook does: one of these. */
export interface RawHandler {
  readonly exec?: { readonly command?: readonly string[] };
  readonly httpGet?: RawHttpGet;
  readonly tcpSocket?: { readonly host?: string; readonly port: number | string };
  readonly grpc?: { readonly port: number };
  readonly sleep?: { readonly seconds: number };
}

export interface RawHttpGet {
  readonly host?: string;
  readonly port: number | string;
  readonly path?: string;
  readonly scheme?: string;
  readonly httpHeaders?: readonly { readonly name: string; readonly value: string }[];
}

export interface RawProbe extends RawHandler {
  readonly initialDelaySeconds?: number;
  readonly timeoutSeconds?: number;
  readonly periodSeconds?: number;
  readonly successThreshold?: number;
  readonly failureThreshold?: number;
  readonly terminationGracePeriodSeconds?: number;
}

/** `namespace/name`. */
export const podKey = ({ metadata }: KubeObject): string =>
  `${metadata.namespace ?? "default"}/${metadata.name}`;

/** `name_namespace(uid)`, as the kubelet names pods in its messages. */
export const podTitle = ({ metadata }: KubeObject): string =>
  `${metadata.name}_${metadata.namespace ?? "default"}(${metadata.uid ?? ""})`;
