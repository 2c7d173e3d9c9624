import type { Labels } from "../model/labels.ts";
import type { WorkloadRef } from "../model/objects.ts";
import { compileSelector, selects } from "../selector/selector.ts";
import type { AssertionPeer, SelectedPeer } from "./assertion.ts";

/** What an assertion needs to know of a pod. */
export interface AssertionPod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  /** The workload that the pod is one of, or stands for. */
  readonly workload?: Pick<WorkloadRef, "kind" | "name">;
  /** It stands for its workload's pods and has no name of its own: `pod/NAME` does not mean it. */
  readonly nameless?: boolean;
}

/**
 * The pods that a peer means, in the order given; a Service and addresses have none of their own.
 * @param labelsOf The labels of a namespace; `kubernetes.io/metadata.name` is added to them.
 */
export function podsOfPeer<P extends AssertionPod>(
  peer: AssertionPeer,
  pods: readonly P[],
  labelsOf: (namespace: string) => Labels,
): readonly P[] {
  if (peer.kind === "selected") return pods.filter(matcher(peer, labelsOf));
  if (peer.kind !== "named") return [];
  const { namespace, type, name } = peer;
  const isPod = (pod: P) => (type === "" || (type === "Pod" && pod.nameless !== true)) && pod.name === name;
  const isWorkload = ({ workload }: P) => workload?.name === name && (type === "" || workload.kind === type);
  return pods.filter((pod) => pod.namespace === namespace && (isPod(pod) || isWorkload(pod)));
}

function matcher(
  { scope, selector }: SelectedPeer,
  labelsOf: (namespace: string) => Labels,
): (pod: AssertionPod) => boolean {
  const pods = compileSelector(selector);
  if ("namespace" in scope)
    return ({ namespace, labels }) => namespace === scope.namespace && selects(pods, labels);
  const namespaces = compileSelector(scope.namespaces);
  const known = new Map<string, boolean>();
  return ({ namespace, labels }) => {
    let inScope = known.get(namespace);
    if (inScope === undefined) {
      inScope = selects(namespaces, { ...labelsOf(namespace), "kubernetes.io/metadata.name": namespace });
      known.set(namespace, inScope);
    }
    return inScope && selects(pods, labels);
  };
}
