import type { Pod, Service, ServicePort } from "@portcullis/engine";
import type { RawEndpointSlice } from "./raw-service.ts";

/** A pod as Services see it. */
export interface Backend {
  readonly pod: Pod;
  readonly ready: boolean;
  /** On its way out: no new connection goes to it. */
  readonly terminating: boolean;
  /** What its spec calls it, for the names of headless Services. */
  readonly hostname?: string;
  readonly subdomain?: string;
}

/** A Service with what else decides where its packets go. */
export interface ServedService {
  readonly service: Service;
  /** Pods count before they are ready. */
  readonly publishNotReady: boolean;
  /** Of type ExternalName. */
  readonly externalName?: string;
  /** Those that somebody else wrote; they count only for a Service without a selector. */
  readonly slices: readonly RawEndpointSlice[];
}

/** Where packets to one port of a Service's address go. */
export interface ServiceTarget {
  /** `namespace/name`. */
  readonly service: string;
  readonly address: string;
  readonly version: 4 | 6;
  readonly protocol: "TCP" | "UDP" | "SCTP";
  readonly port: number;
  /** The port of the node's own addresses that leads to the same. */
  readonly nodePort?: number;
  /** Sorted; never empty. */
  readonly endpoints: readonly { readonly address: string; readonly port: number }[];
}

/**
 * The targets of all Services that have any: a Service's ready pods, with its targetPort resolved on each, or without a
 * selector the ready endpoints of its slices. Headless Services have none. Sorted.
 */
export function serviceTargets(
  services: readonly ServedService[],
  backends: readonly Backend[],
): ServiceTarget[] {
  return services
    .flatMap((served) => {
      const { service, slices } = served;
      if (service.headless) return [];
      const pods = backendsOf(served, backends).map(({ pod }) => pod);
      const byPods = Object.keys(service.selector ?? {}).length > 0;
      return service.clusterIPs.flatMap(({ text, family }) =>
        service.ports.map((port) => ({
          service: `${service.namespace}/${service.name}`,
          address: text,
          version: family,
          protocol: port.protocol,
          port: port.port,
          ...(port.nodePort === undefined ? {} : { nodePort: port.nodePort }),
          endpoints: byPods ? endpointsOf(pods, port, family) : endpointsIn(slices, port, family),
        })),
      );
    })
    .filter(({ endpoints }) => endpoints.length > 0)
    .sort((a, b) => compare(sortKey(a), sortKey(b)));
}

/** The pods that a Service leads to now. */
export function backendsOf(
  { service, publishNotReady }: ServedService,
  backends: readonly Backend[],
): readonly Backend[] {
  return backends.filter(
    ({ pod, ready, terminating }) =>
      (ready || publishNotReady) && !terminating && pod.phase === "Running" && selects(service, pod),
  );
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

/** A slice's ports are the Service's by name; what says nothing of being ready is ready (discovery/v1, EndpointConditions). */
function endpointsIn(
  slices: readonly RawEndpointSlice[],
  { name = "", protocol }: ServicePort,
  version: 4 | 6,
) {
  const found = slices
    .filter(({ addressType }) => addressType === (version === 4 ? "IPv4" : "IPv6"))
    .flatMap(({ endpoints, ports }) => {
      const port = ports?.find(
        (each) => (each.name ?? "") === name && (each.protocol ?? "TCP") === protocol,
      )?.port;
      const ready = (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false);
      const addresses = ready.flatMap((endpoint) => endpoint.addresses?.slice(0, 1) ?? []);
      return port === undefined ? [] : addresses.map((address) => ({ address, port }));
    });
  const distinct = new Map(found.map((endpoint) => [`${endpoint.address} ${endpoint.port}`, endpoint]));
  return [...distinct.values()].sort((a, b) => compare(a.address, b.address) || a.port - b.port);
}

/** A name is looked up in the pod's own ports of the same protocol; a pod that has no such port is no endpoint. */
export function targetPort(pod: Pod, { targetPort: target, protocol }: ServicePort): number | undefined {
  if (typeof target === "number") return target;
  return pod.ports.find((port) => port.name === target && port.protocol === protocol)?.port;
}

const sortKey = ({ address, protocol, port }: ServiceTarget): string => `${address} ${protocol} ${port}`;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
