import { portNumbers } from "../../cluster/named-port-index.ts";
import { servicePods } from "../../cluster/service.ts";
import type { Pod, Service } from "../../model/objects.ts";
import { replaceRange } from "../fix/replace-range.ts";
import type { LintContext } from "../lint-context.ts";
import type { LintRule } from "../lint-rule.ts";
import { walkPorts } from "../walk.ts";
import { destinationPods } from "./named-port-missing.ts";

export const servicePort: LintRule = {
  code: "service-port",
  severity: "warning",
  title: "a rule names a Service's port in place of the pods' port",
  help: "Policies are judged after the Service has translated the connection: what counts is the port of the pod (targetPort), not of the Service.",
  *check(context) {
    const services = context.once(servicesByPod);
    for (const walked of walkPorts(context)) {
      const { port, protocol, endPort } = walked.port;
      if (typeof port !== "number" || (endPort ?? port) !== port) continue;
      // Towards addresses, and towards everybody, the port may be meant for somebody outside.
      const { direction, peers } = walked;
      if (direction === "Egress" && (peers.length === 0 || peers.some(({ kind }) => kind === "ipBlock")))
        continue;
      const pods = destinationPods(context, walked) ?? [];
      if (pods.some((pod) => pod.ports.some((own) => own.port === port && own.protocol === protocol)))
        continue;
      const hit = findService(pods, services, port, protocol);
      if (hit === undefined) continue;
      const { service, target } = hit;
      const place = context.at(walked.policy, [...walked.portPath, "port"]);
      yield {
        ...place,
        message: `Port ${port} is that of Service ${service.namespace}/${service.name}; its pods listen on ${target}, and that is what policies see.`,
        related: service.range && [{ message: "the Service", range: service.range }],
        fix:
          place.range && context.source.editable(place.range.file) !== undefined
            ? {
                title: `write ${target}`,
                safe: false,
                edits: [replaceRange(place.range, String(target))],
              }
            : undefined,
      };
    }
  },
};

function servicesByPod({ cluster }: LintContext): ReadonlyMap<Pod, readonly Service[]> {
  const byPod = new Map<Pod, Service[]>();
  for (const service of cluster.services()) {
    if (service.headless) continue;
    for (const pod of servicePods(cluster, service)) byPod.set(pod, [...(byPod.get(pod) ?? []), service]);
  }
  return byPod;
}

/** A Service of one of the pods that has the port, and where it leads. */
function findService(
  pods: readonly Pod[],
  services: ReadonlyMap<Pod, readonly Service[]>,
  port: number,
  protocol: string,
): { readonly service: Service; readonly target: number } | undefined {
  for (const pod of pods) {
    for (const service of services.get(pod) ?? []) {
      for (const each of service.ports) {
        if (each.port !== port || each.protocol !== protocol) continue;
        const { targetPort } = each;
        const target =
          typeof targetPort === "number" ? targetPort : portNumbers(pod, each.protocol, targetPort)[0];
        if (target !== undefined && target !== port) return { service, target };
      }
    }
  }
  return undefined;
}
