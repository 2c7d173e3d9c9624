import type { Cluster } from "../cluster/cluster.ts";
import { portNumbers } from "../cluster/named-port-index.ts";
import { servicePods } from "../cluster/service.ts";
import type { Pod, Service, ServicePort } from "../model/objects.ts";
import type { ListedPeer } from "../reach/listed-peer.ts";
import type { Admission } from "./who-can.ts";

/** A port of a Service, and what becomes of it at a pod: policies see the pod's port, not the Service's. */
export interface ServiceWay {
  readonly service: Service;
  readonly port: ServicePort;
  /** The pod's port; undefined when the pod has none of the name that targetPort gives. */
  readonly target: number | undefined;
  /** Who may reach the pod there. */
  readonly peers: readonly ListedPeer[];
}

/** The Services that lead to some of the pods, by name and port. `inward` is who may reach the pods. */
export function servicesOf(
  cluster: Cluster,
  pods: readonly Pod[],
  inward: readonly Admission[],
): readonly ServiceWay[] {
  const [pod] = pods;
  const leading = cluster
    .services()
    .filter((service) => service.namespace === pod!.namespace)
    .filter((service) => servicePods(cluster, service).some((each) => pods.includes(each)));
  return leading.flatMap((service) => service.ports.map((port) => wayOf(service, port, pod!, inward)));
}

function wayOf(service: Service, port: ServicePort, pod: Pod, inward: readonly Admission[]): ServiceWay {
  const { protocol, targetPort } = port;
  const wanted = service.headless ? port.port : targetPort;
  const target = typeof wanted === "number" ? wanted : portNumbers(pod, protocol, wanted)[0];
  const passing = target === undefined ? [] : inward.filter(({ ports }) => ports.has(protocol, target));
  return { service, port, target, peers: [...new Set(passing.map(({ peer }) => peer))] };
}
