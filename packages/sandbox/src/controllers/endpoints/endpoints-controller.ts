import { type KubeObject, resources } from "@portcullis/kube";
import { type Controller, type ControllerContext, queueFor } from "../framework/controller.ts";
import { keyOf } from "../framework/resource-cache.ts";
import { sameJson } from "../objects/same-json.ts";
import { isDeleting, type PodObject } from "../objects/workload.ts";
import { endpointsObject } from "./endpoints-object.ts";
import { type Member, membersOf } from "./members.ts";
import { isOurs, planSlices } from "./plan-slices.ts";
import { type EndpointSlice, hasSelector, type ServiceObject, serviceNameLabel } from "./service-object.ts";

/** Many pods change at a time: they share a write. Packets do not wait for this, the node looks at pods itself. */
const batchMs = 20;

/** Endpoints and EndpointSlices: which pods stand behind each Service, and at which ports. */
export function endpointsController(context: ControllerContext): Controller {
  const { caches } = context;
  const services = caches.of<ServiceObject>(resources.services);
  const pods = caches.of<PodObject>(resources.pods);
  const slices = caches.of<EndpointSlice>(resources.endpointslices);
  const endpoints = caches.of(resources.endpoints);
  const queue = queueFor(context, "endpoints", sync);
  const inNamespace = ({ metadata }: KubeObject) => [metadata.namespace ?? ""];
  services.index("namespace", inNamespace);
  pods.index("namespace", inNamespace);
  slices.index("service", (slice) => [serviceKey(slice)]);
  services.onChange((now, before) => queue.add(keyOf((now ?? before)!)));
  slices.onChange((now, before) => queue.add(serviceKey((now ?? before)!)));
  endpoints.onChange((now, before) => queue.add(keyOf((now ?? before)!)));
  pods.onChange((now, before) => {
    const { namespace = "" } = (now ?? before)!.metadata;
    for (const service of services.indexed("namespace", namespace))
      if (selects(service, now) || selects(service, before)) queue.addAfter(keyOf(service), batchMs);
  });

  async function sync(key: string): Promise<void> {
    const service = services.get(key);
    if (service === undefined) return forget(key);
    if (!hasSelector(service) || isDeleting(service)) return;
    const { namespace = "" } = service.metadata;
    const members = membersOf(service, pods.indexed("namespace", namespace));
    await Promise.all([writeEndpoints(service, members), writeSlices(service, members)]);
  }

  async function writeEndpoints(service: ServiceObject, members: readonly Member[]): Promise<void> {
    const desired = endpointsObject(service, members);
    const present = endpoints.get(keyOf(service));
    if (present === undefined) await caches.create(resources.endpoints, desired);
    else if (
      !sameJson(present.subsets, desired.subsets) ||
      !sameJson(present.metadata.labels, desired.metadata.labels)
    ) {
      const { subsets: _, ...rest } = present;
      const metadata = { ...present.metadata, labels: desired.metadata.labels };
      await caches.update(resources.endpoints, { ...rest, ...desired, metadata });
    }
  }

  async function writeSlices(service: ServiceObject, members: readonly Member[]): Promise<void> {
    const existing = slices.indexed("service", keyOf(service)).filter(isOurs);
    const { create, update, remove } = planSlices(service, members, existing);
    await Promise.all([
      ...create.map((slice) => caches.create(resources.endpointslices, slice)),
      ...update.map((slice) => caches.update(resources.endpointslices, slice)),
      ...remove.map((slice) => caches.delete(resources.endpointslices, slice)),
    ]);
  }

  /** The Service is gone, and what stood for it goes. */
  async function forget(key: string): Promise<void> {
    const present = endpoints.get(key);
    const managed =
      present?.metadata.labels?.["endpoints.kubernetes.io/managed-by"] === "endpoint-controller";
    if (present !== undefined && managed) await caches.delete(resources.endpoints, present);
    for (const slice of slices.indexed("service", key))
      if (isOurs(slice)) await caches.delete(resources.endpointslices, slice);
  }

  return queue;
}

function serviceKey({ metadata }: EndpointSlice): string {
  return `${metadata.namespace}/${metadata.labels?.[serviceNameLabel] ?? ""}`;
}

function selects(service: ServiceObject, pod: PodObject | undefined): boolean {
  return (
    pod !== undefined &&
    hasSelector(service) &&
    Object.entries(service.spec.selector ?? {}).every(([key, value]) => pod.metadata.labels?.[key] === value)
  );
}
