import type { KubeObject } from "@portcullis/kube";
import type { RawPod, RawToleration } from "../pod/raw-pod.ts";
import { matchesAffinity } from "./node-affinity.ts";

/** core/v1 Node, as far as a scheduler looks at it. */
export interface RawNode extends KubeObject {
  readonly spec?: { readonly unschedulable?: boolean; readonly taints?: readonly RawTaint[] };
}

interface RawTaint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

/** Why the pod cannot run on the node, in the scheduler's words; undefined when it can. */
export function misfit(pod: RawPod, node: RawNode): string | undefined {
  const { tolerations = [], nodeSelector = {}, affinity } = pod.spec;
  const { unschedulable = false, taints = [] } = node.spec ?? {};
  const cordoned: RawTaint = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" };
  if (unschedulable && !tolerated(cordoned, tolerations)) return "node(s) were unschedulable";
  const taint = taints.find((each) => each.effect !== "PreferNoSchedule" && !tolerated(each, tolerations));
  if (taint !== undefined) return `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ""}}`;
  const labels = node.metadata.labels ?? {};
  const selected = Object.entries(nodeSelector).every(([key, value]) => labels[key] === value);
  if (!selected || !matchesAffinity(affinity, labels, node.metadata.name))
    return "node(s) didn't match Pod's node affinity/selector";
  return undefined;
}

/** As the API reference defines it (Toleration): an absent key tolerates all, an absent effect every effect. */
function tolerated(taint: RawTaint, tolerations: readonly RawToleration[]): boolean {
  return tolerations.some(({ key = "", operator = "Equal", value = "", effect = "" }) => {
    if (effect !== "" && effect !== taint.effect) return false;
    if (key !== "" && key !== taint.key) return false;
    return operator === "Exists" || (key !== "" && value === (taint.value ?? ""));
  });
}
