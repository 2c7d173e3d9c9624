import type { KubeObject } from "@portcullis/kube";
import type { RawSelector } from "../objects/selector.ts";
import type { PodTemplate } from "../objects/workload.ts";

/** apps/v1 StatefulSet, as far as the controller looks into it. */
export interface StatefulSet extends KubeObject {
  readonly spec: {
    readonly replicas?: number;
    readonly selector: RawSelector;
    readonly template: PodTemplate;
    readonly serviceName?: string;
    readonly podManagementPolicy?: "OrderedReady" | "Parallel";
    readonly updateStrategy?: {
      readonly type?: "RollingUpdate" | "OnDelete";
      readonly rollingUpdate?: { readonly partition?: number };
    };
    readonly ordinals?: { readonly start?: number };
    readonly minReadySeconds?: number;
    readonly revisionHistoryLimit?: number;
    readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
  };
  readonly status?: { readonly currentRevision?: string; readonly updateRevision?: string };
}

/** The number at the end of a pod's name, if the pod is named after the set. */
export function ordinalOf(set: StatefulSet, { metadata }: KubeObject): number | undefined {
  const prefix = `${set.metadata.name}-`;
  const rest = metadata.name.startsWith(prefix) ? metadata.name.slice(prefix.length) : "";
  return /^(0|[1-9]\d*)$/.test(rest) ? Number(rest) : undefined;
}
