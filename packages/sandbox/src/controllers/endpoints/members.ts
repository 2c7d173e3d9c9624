import { isFinished, isReady } from "../objects/pods.ts";
import { isDeleting, type PodObject } from "../objects/workload.ts";
import type { Endpoint, EndpointPort, ServiceObject, ServicePortObject } from "./service-object.ts";

/** A pod's part in a Service: its place by family and its ports. */
export interface Member {
  readonly pod: PodObject;
  readonly addresses: Readonly<Record<"IPv4" | "IPv6", string | undefined>>;
  readonly ports: readonly EndpointPort[];
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
}

/**
 * The pods that a Service selects and that have an address, those included that are ending: a finished pod has no
 * network any more.
 */
export function membersOf(service: ServiceObject, pods: readonly PodObject[]): readonly Member[] {
  const wanted = Object.entries(service.spec.selector ?? {});
  return pods
    .filter(({ metadata }) => wanted.every(([key, value]) => metadata.labels?.[key] === value))
    .filter((pod) => !isFinished(pod) && addressesOf(pod).length > 0)
    .map((pod) => member(service, pod));
}

function member(service: ServiceObject, pod: PodObject): Member {
  const { publishNotReadyAddresses = false, ports = [] } = service.spec;
  const addresses = addressesOf(pod);
  const serving = isReady(pod) || publishNotReadyAddresses;
  const terminating = isDeleting(pod);
  return {
    pod,
    addresses: {
      IPv4: addresses.find((address) => !address.includes(":")),
      IPv6: addresses.find((address) => address.includes(":")),
    },
    ports: ports.flatMap((port) => endpointPort(pod, port)),
    ready: publishNotReadyAddresses || (serving && !terminating),
    serving,
    terminating,
  };
}

function addressesOf({ status }: PodObject): readonly string[] {
  const { podIP, podIPs = [] } = status ?? {};
  return podIPs.length > 0 ? podIPs.map(({ ip }) => ip) : podIP ? [podIP] : [];
}

/** A name is looked up in the pod's own ports of the same protocol; a pod without it does not serve that port. */
function endpointPort(pod: PodObject, port: ServicePortObject): readonly EndpointPort[] {
  const { name = "", protocol = "TCP", appProtocol, targetPort = port.port } = port;
  const number = typeof targetPort === "number" ? targetPort || port.port : named(pod, targetPort, protocol);
  if (number === undefined) return [];
  return [{ name, port: number, protocol, ...(appProtocol === undefined ? {} : { appProtocol }) }];
}

function named({ spec }: PodObject, name: string, protocol: string): number | undefined {
  const ports = (spec.containers ?? []).flatMap((container) => container.ports ?? []);
  return ports.find((port) => port.name === name && (port.protocol ?? "TCP") === protocol)?.containerPort;
}

/** discovery/v1 Endpoint of a member, at its address of one family. */
export function endpointOf(service: ServiceObject, { pod, ...member }: Member, address: string): Endpoint {
  const { spec } = pod;
  return {
    addresses: [address],
    conditions: { ready: member.ready, serving: member.serving, terminating: member.terminating },
    ...(spec.nodeName ? { nodeName: spec.nodeName } : {}),
    ...hostNameOf(service, pod),
    targetRef: podReference(pod),
  };
}

/** A pod has a DNS name of its own below the Service that its `subdomain` names. */
export function hostNameOf({ metadata }: ServiceObject, { spec }: PodObject): { readonly hostname?: string } {
  return spec.hostname && spec.subdomain === metadata.name ? { hostname: spec.hostname } : {};
}

export function podReference({ metadata }: PodObject) {
  const { namespace, name, uid } = metadata;
  return { kind: "Pod", namespace, name, uid };
}
