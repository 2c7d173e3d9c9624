import type { FlowDifference } from "../../equal/flow-difference.ts";
import type { Pod } from "../../model/objects.ts";
import { type VerdictJson, verdictJson } from "../verdict/verdict-json.ts";

/** A flow that two sets of policies judge differently, for programs. */
export interface FlowDifferenceJson {
  readonly pods: readonly Pick<Pod, "namespace" | "name" | "labels" | "ports">[];
  readonly namespaces: readonly { readonly name: string; readonly labels: Pod["labels"] }[];
  /** By each set. */
  readonly a: VerdictJson;
  readonly b: VerdictJson;
}

export function flowDifferenceJson({ flow, namespaces, a, b }: FlowDifference): FlowDifferenceJson {
  const pods = [flow.source, flow.destination].flatMap(({ pod }) =>
    pod === undefined
      ? []
      : [{ namespace: pod.namespace, name: pod.name, labels: pod.labels, ports: pod.ports }],
  );
  return {
    pods,
    namespaces: namespaces.map(({ name, labels }) => ({ name, labels })),
    a: verdictJson(a),
    b: verdictJson(b),
  };
}
