import type { KubeObject } from "@portcullis/kube";
import { canonicalJson, sameJson } from "../objects/same-json.ts";
import { controllerReference } from "../objects/workload.ts";
import { endpointOf, type Member } from "./members.ts";
import {
  copiedLabels,
  type Endpoint,
  type EndpointPort,
  type EndpointSlice,
  managedByLabel,
  type ServiceObject,
  serviceNameLabel,
} from "./service-object.ts";

/** As kube-controller-manager's `--max-endpoints-per-slice`. */
const longestSlice = 100;

const manager = "endpointslice-controller.k8s.io";

export interface SlicePlan {
  readonly create: readonly KubeObject[];
  readonly update: readonly EndpointSlice[];
  readonly remove: readonly EndpointSlice[];
}

/** Whether the slice is ours to write; others may make slices for the same Service. */
export const isOurs = ({ metadata }: EndpointSlice): boolean => metadata.labels?.[managedByLabel] === manager;

/**
 * What turns the slices that exist into those that the members ask for: one group for each family and set of ports. An
 * endpoint stays in the slice that it is in. A family without any endpoint has one empty slice.
 */
export function planSlices(
  service: ServiceObject,
  members: readonly Member[],
  existing: readonly EndpointSlice[],
): SlicePlan {
  const groups = groupsOf(service, members);
  const plan = { create: [] as KubeObject[], update: [] as EndpointSlice[], remove: [] as EndpointSlice[] };
  const spare = new Set(existing);
  for (const group of groups) {
    const reused = existing.filter(
      (slice) => slice.addressType === group.family && sameJson(portsOf(slice), group.ports),
    );
    for (const slice of reused) spare.delete(slice);
    const chunks = distribute(group.endpoints, reused);
    for (const { slice, endpoints } of chunks) {
      const object = sliceObject(service, group, endpoints);
      if (slice === undefined) plan.create.push(object);
      else if (endpoints.length === 0 && chunks.length > 1) plan.remove.push(slice);
      else if (!isSame(slice, object)) plan.update.push(merged(slice, object));
    }
  }
  return { ...plan, remove: [...plan.remove, ...spare] };
}

interface Group {
  readonly family: "IPv4" | "IPv6";
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}

function groupsOf(service: ServiceObject, members: readonly Member[]): readonly Group[] {
  return (service.spec.ipFamilies ?? ["IPv4"]).flatMap((family) => {
    const groups = new Map<string, { ports: readonly EndpointPort[]; endpoints: Endpoint[] }>();
    for (const member of members) {
      const address = member.addresses[family];
      if (address === undefined) continue;
      const key = canonicalJson(member.ports);
      if (!groups.has(key)) groups.set(key, { ports: member.ports, endpoints: [] });
      groups.get(key)!.endpoints.push(endpointOf(service, member, address));
    }
    if (groups.size === 0) return [{ family, ports: [], endpoints: [] }];
    const sorted = [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
    return sorted.map(([, group]) => ({ family, ...group }));
  });
}

/** Every endpoint in the slice that has it already, then where there is room, then in new slices. */
function distribute(endpoints: readonly Endpoint[], slices: readonly EndpointSlice[]) {
  const waiting = new Map(endpoints.map((endpoint) => [endpoint.addresses[0]!, endpoint]));
  const chunks: { slice: EndpointSlice | undefined; endpoints: Endpoint[] }[] = slices.map((slice) => {
    const kept: Endpoint[] = [];
    for (const { addresses } of slice.endpoints ?? []) {
      const endpoint = waiting.get(addresses[0] ?? "");
      if (endpoint === undefined) continue;
      kept.push(endpoint);
      waiting.delete(endpoint.addresses[0]!);
    }
    return { slice, endpoints: kept };
  });
  const rest = [...waiting.values()];
  for (const chunk of chunks)
    chunk.endpoints.push(...rest.splice(0, Math.max(0, longestSlice - chunk.endpoints.length)));
  while (rest.length > 0 || chunks.length === 0)
    chunks.push({ slice: undefined, endpoints: rest.splice(0, longestSlice) });
  return chunks;
}

function portsOf({ ports }: EndpointSlice): readonly EndpointPort[] {
  return (ports ?? []).map(({ name = "", port = 0, protocol = "TCP", appProtocol }) => ({
    name,
    port,
    protocol,
    ...(appProtocol === undefined ? {} : { appProtocol }),
  }));
}

function sliceObject(service: ServiceObject, { family, ports }: Group, endpoints: readonly Endpoint[]) {
  const { name, namespace = "default" } = service.metadata;
  const metadata = {
    generateName: `${name}-`,
    namespace,
    labels: { ...copiedLabels(service), [serviceNameLabel]: name, [managedByLabel]: manager },
    ownerReferences: [controllerReference(service)],
  };
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    // The API gives the name where only the beginning of one is sent.
    metadata: metadata as unknown as KubeObject["metadata"],
    addressType: family,
    endpoints,
    ports,
  };
}

type Desired = ReturnType<typeof sliceObject>;

function isSame(slice: EndpointSlice, desired: Desired): boolean {
  return (
    sameJson(slice.endpoints, desired.endpoints) &&
    sameJson(slice.metadata.labels, desired.metadata.labels) &&
    sameJson(slice.metadata.ownerReferences, desired.metadata.ownerReferences)
  );
}

function merged(slice: EndpointSlice, { metadata, endpoints }: Desired): EndpointSlice {
  const { labels, ownerReferences } = metadata as {
    labels?: Record<string, string>;
    ownerReferences?: unknown;
  };
  return { ...slice, endpoints, metadata: { ...slice.metadata, labels: labels ?? {}, ownerReferences } };
}
