import type { Labels } from "../model/labels.ts";
import type { WorkloadRef } from "../model/objects.ts";
import { compileSelector, selects } from "../selector/selector.ts";
import type { AssertionPeer } from "./assertion.ts";

/** What an assertion needs to know of a pod. */
export interface AssertionPod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  /** The workload that the pod is one of, or stands for. */
  readonly workload?: Pick<WorkloadRef, "kind" | "name">;
}

/** The pods that one side of an assertion means, in the order given; a Service has none of its own. */
export function podsOfPeer<P extends AssertionPod>(peer: AssertionPeer, pods: readonly P[]): readonly P[] {
  const here = pods.filter(({ namespace }) => namespace === peer.namespace);
  if (peer.kind === "selected") {
    const selector = compileSelector(peer.selector);
    return here.filter(({ labels }) => selects(selector, labels));
  }
  const { type, name } = peer;
  const isWorkload = ({ workload }: P) => workload?.name === name && (type === "" || workload.kind === type);
  return here.filter((pod) => ((type === "" || type === "Pod") && pod.name === name) || isWorkload(pod));
}
