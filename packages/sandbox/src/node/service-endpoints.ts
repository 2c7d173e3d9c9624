import type { Pod, Service, ServicePort } from "@portcullis/engine";

/** A pod as Services see it. */
export interface Backend {
  readonly pod: Pod;
  readonly ready: boolean;
}

/** Where packets to one port of a Service's address go. */
export interface ServiceTarget {
  /** `namespace/name`. */
  readonly service: string;
  readonly address: string;
  readonly version: 4 | 6;
  readonly protocol: "TCP" | "UDP" | "SCTP";
  readonly port: number;
  /** Sorted; never empty. */
  readonly endpoints: readonly { readonly address: string; readonly port: number }[];
}

/**
 * The targets of all Services that have any: a Service's ready pods, with its targetPort resolved on each. Headless
 * Services and those without a selector have none. Sorted.
 */
export function serviceTargets(services: readonly Service[], backends: readonly Backend[]): ServiceTarget[] {
  const eligible = backends.filter(({ pod, ready }) => ready && pod.phase === "Running");
  return services
    .flatMap((service) => {
      const pods = eligible.filter(({ pod }) => selects(service, pod)).map(({ pod }) => pod);
      if (service.headless || pods.length === 0) return [];
      return service.clusterIPs.flatMap(({ text, family }) =>
        service.ports.map((port) => ({
          service: `${service.namespace}/${service.name}`,
          address: text,
          version: family,
          protocol: port.protocol,
          port: port.port,
          endpoints: endpointsOf(pods, port, family),
        })),
      );
    })
    .filter(({ endpoints }) => endpoints.length > 0)
    .sort((a, b) => compare(sortKey(a), sortKey(b)));
}

function selects({ namespace, selector = {} }: Service, pod: Pod): boolean {
  const pairs = Object.entries(selector);
  return (
    pairs.length > 0 &&
    pod.namespace === namespace &&
    pairs.every(([key, value]) => Object.hasOwn(pod.labels, key) && pod.labels[key] === value)
  );
}

function endpointsOf(pods: readonly Pod[], port: ServicePort, version: 4 | 6) {
  return pods
    .flatMap((pod) => {
      const target = targetPort(pod, port);
      const addresses = pod.addresses.filter(({ family }) => family === version);
      return target === undefined ? [] : addresses.map(({ text }) => ({ address: text, port: target }));
    })
    .sort((a, b) => compare(a.address, b.address) || a.port - b.port);
}

/** A name is looked up in the pod's own ports of the same protocol; a pod that has no such port is no endpoint. */
function targetPort(pod: Pod, { targetPort: target, protocol }: ServicePort): number | undefined {
  if (typeof target === "number") return target;
  return pod.ports.find((port) => port.name === target && port.protocol === protocol)?.port;
}

const sortKey = ({ address, protocol, port }: ServiceTarget): string => `${address} ${protocol} ${port}`;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
