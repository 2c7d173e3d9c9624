import { isNetworked, policiesOf } from "../cluster/pod-entry.ts";
import type { Direction } from "../model/network-policy.ts";
import type { Pod } from "../model/objects.ts";
import type { LintContext } from "./lint-context.ts";
import type { Found } from "./lint-rule.ts";
import { listed, plural, podLabel } from "./names.ts";

/** So many workloads of a namespace are told one by one; more are one finding about the namespace. */
const mostAlone = 3;

/** Workloads that no policy isolates. */
export function* notIsolated(context: LintContext, direction: Direction): Iterable<Found> {
  const open = direction === "Ingress" ? "may be reached from anywhere" : "may send anywhere";
  for (const namespace of context.cluster.namespaces()) {
    const pods = context.cluster.pods(namespace.name).filter(isNetworked);
    const bare = pods.filter((pod) => policiesOf(context.state.entryFor(pod))[direction].length === 0);
    if (bare.length === 0) continue;
    const workloads = [...new Map(bare.map((pod) => [ownerLabel(pod), pod]))];
    if (workloads.length > mostAlone) {
      const range = namespace.range ?? bare[0]!.range;
      const names = listed(workloads.map(([label]) => label));
      const what = bare.length === pods.length ? "any workload" : plural(workloads.length, "workload");
      yield {
        object: `Namespace ${namespace.name}`,
        path: "",
        ...(range && { range }),
        message: `No policy isolates ${direction.toLowerCase()} of ${what} in namespace ${namespace.name}: ${names} ${open}.`,
      };
      continue;
    }
    for (const [, pod] of workloads)
      yield {
        ...context.atPod(pod),
        message: `No policy isolates its ${direction.toLowerCase()}: it ${open}.`,
      };
  }
}

function ownerLabel(pod: Pod): string {
  return pod.owner === undefined ? podLabel(pod, pod.namespace) : `${pod.owner.kind} ${pod.owner.name}`;
}
