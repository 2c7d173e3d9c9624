import type { Cluster } from "../cluster/cluster.ts";
import { resolveService } from "../cluster/service.ts";
import type { Pod, Service } from "../model/objects.ts";
import { PortSet } from "../net/port-set.ts";
import type { Verdict } from "../verdict/verdict.ts";
import { openingsFor } from "./exposure.ts";
import type { IngressBackend } from "./ingress.ts";
import type { Opening } from "./opening.ts";

/** Whether the ingress controller can get to what an Ingress promises. */
export interface BackendAccess {
  readonly backend: IngressBackend;
  /**
   * `open`: to all of the pods (of an unknown controller: to anyone). `partly`: to some of them. `depends`: an unknown
   * controller would have to be one of those whom `openings` name. `blocked`: to none of them, whoever it is.
   * The others tell what is missing before any policy is asked.
   */
  readonly state: "open" | "partly" | "depends" | "blocked" | "no-service" | "no-port" | "no-pods";
  readonly service?: Service;
  readonly pods: readonly BackendPod[];
}

/** A pod behind the Service, and the port that connections through the Service arrive at. */
export interface BackendPod {
  readonly pod: Pod;
  readonly port: number;
  /** One for each pod of the controller; empty when the controller is not known. */
  readonly verdicts: readonly Verdict[];
  /** What lets somebody in at the port; that of an unknown controller only. */
  readonly openings: readonly Opening[];
}

/**
 * What the policies say to the ingress controller about each backend. Its pods may be made up (`Cluster` answers for pods
 * that it does not hold); without any the controller is somebody of whom nothing is known.
 */
export function ingressAccess(
  cluster: Cluster,
  backends: readonly IngressBackend[],
  controllers: readonly Pod[] = [],
): readonly BackendAccess[] {
  return backends.map((backend) => accessTo(cluster, backend, controllers));
}

function accessTo(cluster: Cluster, backend: IngressBackend, controllers: readonly Pod[]): BackendAccess {
  const service = cluster.get("Service", backend.namespace, backend.service);
  if (service === undefined) return { backend, state: "no-service", pods: [] };
  const { backends, servicePort } = resolveService(cluster, service, backend.port, "TCP");
  if (servicePort === undefined) return { backend, service, state: "no-port", pods: [] };
  if (backends.length === 0) return { backend, service, state: "no-pods", pods: [] };
  const pods = backends.map(({ pod, port }): BackendPod => {
    if (controllers.length === 0)
      return { pod, port, verdicts: [], openings: openingsAt(cluster, pod, port) };
    const verdicts = controllers.map((controller) =>
      cluster.evaluate({ source: { pod: controller }, destination: { pod }, protocol: "TCP", port }),
    );
    return { pod, port, verdicts, openings: [] };
  });
  return { backend, service, pods, state: controllers.length === 0 ? stateOfUnknown(pods) : stateOf(pods) };
}

function openingsAt(cluster: Cluster, pod: Pod, port: number): readonly Opening[] {
  const wanted = PortSet.of([{ protocol: "TCP", from: port, to: port }]);
  return openingsFor(cluster, pod, "Ingress").filter(({ ports }) => !ports.numbers.intersect(wanted).isEmpty);
}

function stateOf(pods: readonly BackendPod[]): BackendAccess["state"] {
  const verdicts = pods.flatMap((pod) => pod.verdicts);
  const allowed = verdicts.filter((verdict) => verdict.allowed).length;
  if (allowed === verdicts.length) return "open";
  return allowed === 0 ? "blocked" : "partly";
}

function stateOfUnknown(pods: readonly BackendPod[]): BackendAccess["state"] {
  if (pods.every(({ openings }) => openings.length === 0)) return "blocked";
  if (pods.some(({ openings }) => openings.length === 0)) return "partly";
  return pods.every(({ openings }) => openings.some(({ who }) => who.kind === "anyone")) ? "open" : "depends";
}
