import { type IngressBackend, ingressBackends } from "../../exposure/ingress.ts";
import { type BackendPod, ingressAccess } from "../../exposure/ingress-access.ts";
import { fieldPath } from "../../manifest/field-error.ts";
import type { NetworkPolicy } from "../../model/network-policy.ts";
import type { LintContext } from "../lint-context.ts";
import type { LintRule, Place } from "../lint-rule.ts";

export const ingressBackendBlocked: LintRule = {
  code: "ingress-backend-blocked",
  severity: "warning",
  title: "an Ingress leads to pods that nobody may enter at the port",
  help: "The ingress controller is a pod like any other: a policy has to let it in at the port of the pods (targetPort). Whatever it is, no rule does.",
  *check(context) {
    const backends = ingressBackends(context.manifests.others);
    for (const { backend, state, pods } of ingressAccess(context.cluster, backends)) {
      if (state !== "blocked" && state !== "partly") continue;
      const closed = pods.filter(({ openings }) => openings.length === 0);
      const ports = [...new Set(closed.map(({ port }) => `TCP ${port}`))].join(", ");
      const which = state === "blocked" ? "the pods" : "some of the pods";
      const service = `${backend.namespace}/${backend.service}`;
      yield {
        ...placeOf(context, backend),
        message: `No rule lets anyone in at ${ports} of ${which} of Service ${service}, the ingress controller included.`,
        related: isolating(context, closed).flatMap(({ namespace, name, range }) =>
          range === undefined ? [] : [{ message: `isolated by ${namespace}/${name}`, range }],
        ),
      };
    }
  },
};

function placeOf({ manifests, source }: LintContext, { namespace, name, path }: IngressBackend): Place {
  const object = `Ingress ${namespace}/${name}`;
  const range = manifests.passedOver.find((one) => one.object === object)?.range;
  const found = range && (source.locate(range, path) ?? range);
  return { object, path: fieldPath(path), ...(found && { range: found }) };
}

function isolating({ cluster }: LintContext, pods: readonly BackendPod[]): readonly NetworkPolicy[] {
  const policies = pods.flatMap(({ pod }) => cluster.policiesSelecting(pod));
  return [...new Set(policies)].filter(({ policyTypes }) => policyTypes.includes("Ingress"));
}
