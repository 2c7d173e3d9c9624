import type { Pod, Service, ServicePort } from "../model/objects.ts";
import type { Protocol } from "../model/protocol.ts";
import type { Cluster } from "./cluster.ts";
import { portNumbers } from "./named-port-index.ts";
import { isFinished } from "./pod-entry.ts";

export interface ResolvedService {
  /** Where connections to the Service end, by pod name. Whether a pod is ready is not known to the engine. */
  readonly backends: readonly { readonly pod: Pod; readonly port: number }[];
  /** The Service's own port of this number or name; absent when it has none for the protocol. */
  readonly servicePort?: ServicePort;
}

/**
 * The pods and ports that a connection to a Service's port reaches. `port` is the Service's port number or port name.
 * A named targetPort resolves on every pod by itself; pods that lack it are no backends (the first of several numbers
 * counts). A headless Service translates nothing: its DNS name gives the pods' addresses, so a number is taken as it
 * is. No selector, no backends: someone else manages the endpoints. (API reference: ServiceSpec, ServicePort.)
 */
export function resolveService(
  cluster: Cluster,
  service: Service,
  port: number | string,
  protocol: Protocol,
): ResolvedService {
  const servicePort = service.ports.find(
    (candidate) => candidate.protocol === protocol && (candidate.port === port || candidate.name === port),
  );
  const target = service.headless && typeof port === "number" ? port : servicePort?.targetPort;
  const backends = target === undefined ? [] : backendsOf(cluster, service, target, protocol);
  return { backends, ...(servicePort && { servicePort }) };
}

function backendsOf(cluster: Cluster, service: Service, target: number | string, protocol: Protocol) {
  return servicePods(cluster, service).flatMap((pod) => {
    const port = typeof target === "number" ? target : portNumbers(pod, protocol, target)[0];
    return port === undefined ? [] : [{ pod, port }];
  });
}

/** The pods of the Service's namespace that carry all labels of its selector and are not finished. */
export function servicePods(cluster: Cluster, service: Service): readonly Pod[] {
  const wanted = Object.entries(service.selector ?? {});
  if (wanted.length === 0) return [];
  return cluster
    .pods(service.namespace)
    .filter((pod) => !isFinished(pod))
    .filter(({ labels }) =>
      wanted.every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value),
    );
}
