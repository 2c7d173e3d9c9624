import type { KubeObject } from "@portcullis/kube";
import type { RawSelector } from "../objects/selector.ts";
import type { PodTemplate } from "../objects/workload.ts";

/** apps/v1 DaemonSet, as far as the controller looks into it. */
export interface DaemonSet extends KubeObject {
  readonly spec: {
    readonly selector: RawSelector;
    readonly template: PodTemplate;
    readonly minReadySeconds?: number;
    readonly revisionHistoryLimit?: number;
    readonly updateStrategy?: { readonly type?: "RollingUpdate" | "OnDelete" };
  };
}
