import type { ContainerPort, OwnerRef, Pod, PodPhase } from "../model/objects.ts";
import type { Protocol } from "../model/protocol.ts";
import { type Address, parseAddress } from "../net/address.ts";
import { type ConvertContext, type Locate, namespaceOf } from "./convert.ts";
import type { RawPod, RawPodSpec, RawPodTemplate } from "./schema-core.ts";
import type { RawMetadata } from "./schema-metadata.ts";
import type { RawWorkload } from "./schema-workload.ts";

const phases: readonly string[] = ["Pending", "Running", "Succeeded", "Failed", "Unknown"];

/** v1 Pod. Addresses and phase are from its status; a pod without one, as in a manifest, is Pending. */
export function convertPod({ metadata, spec, status = {} }: RawPod, { locate, name }: ConvertContext): Pod {
  const { phase = "" } = status;
  const pod = makePod(namespaceOf(metadata), name, metadata, spec, locate);
  pod.addresses = podAddresses(status);
  pod.phase = phases.includes(phase) ? (phase as PodPhase) : "Pending";
  const owner = ownerOf(metadata);
  if (owner !== undefined) pod.owner = owner;
  return pod;
}

/** A Deployment names its ReplicaSets after itself and the hash that their pods carry as a label. */
function ownerOf({ ownerReferences = [], labels = {} }: RawMetadata = {}): OwnerRef | undefined {
  const controller = ownerReferences.find((reference) => reference.controller === true);
  if (controller === undefined) return undefined;
  const { kind = "", name = "" } = controller;
  const suffix = `-${labels["pod-template-hash"]}`;
  if (kind === "ReplicaSet" && name.endsWith(suffix))
    return { kind: "Deployment", name: name.slice(0, -suffix.length) };
  return { kind, name };
}

/** The pods of a workload, as one: they are alike in all that a policy can see. */
function convertWorkload(
  kind: string,
  metadata: RawMetadata | undefined,
  template: RawPodTemplate | undefined,
  replicas: number | undefined,
  { locate, name }: ConvertContext,
): Pod {
  const pod = makePod(namespaceOf(metadata), name, template?.metadata, template?.spec, locate);
  pod.workload = { kind, name, ...(replicas === undefined ? {} : { replicas }) };
  return pod;
}

/** Where each kind keeps its template and its number of pods (which the API server defaults to 1). */
export function convertReplicated(kind: string) {
  return ({ metadata, spec = {} }: RawWorkload, context: ConvertContext): Pod =>
    convertWorkload(kind, metadata, spec.template, spec.replicas ?? 1, context);
}

export function convertDaemonSet({ metadata, spec = {} }: RawWorkload, context: ConvertContext): Pod {
  return convertWorkload("DaemonSet", metadata, spec.template, undefined, context);
}

export function convertJob({ metadata, spec = {} }: RawWorkload, context: ConvertContext): Pod {
  return convertWorkload("Job", metadata, spec.template, spec.parallelism ?? 1, context);
}

export function convertCronJob({ metadata, spec = {} }: RawWorkload, context: ConvertContext): Pod {
  const job = spec.jobTemplate?.spec ?? {};
  return convertWorkload("CronJob", metadata, job.template, job.parallelism ?? 1, context);
}

/** While it is being made. Assigned to, not spread: a cluster may have a hundred thousand pods. */
type PodInMaking = { -readonly [Field in keyof Pod]: Pod[Field] };

function makePod(
  namespace: string,
  name: string,
  metadata: RawMetadata | undefined,
  spec: RawPodSpec = {},
  locate: Locate,
): PodInMaking {
  const pod: PodInMaking = {
    kind: "Pod",
    namespace,
    name,
    labels: metadata?.labels ?? {},
    addresses: [],
    ports: containerPorts(spec),
    hostNetwork: spec.hostNetwork ?? false,
    phase: "Pending",
  };
  const { nodeName = "" } = spec;
  if (nodeName !== "") pod.nodeName = nodeName;
  const range = locate([]);
  if (range !== undefined) pod.range = range;
  return pod;
}

/** Of containers that run while the pod does: init containers only when they restart (sidecars). */
function containerPorts({ containers = [], initContainers = [] }: RawPodSpec): ContainerPort[] {
  const sidecars = initContainers.filter(({ restartPolicy }) => restartPolicy === "Always");
  return [...containers, ...sidecars].flatMap(({ ports = [] }) =>
    ports.map(({ name = "", containerPort = 0, protocol = "" }) => {
      const port = { port: containerPort, protocol: (protocol || "TCP") as Protocol };
      return name === "" ? port : { ...port, name };
    }),
  );
}

/** At most one of each family, in the order of the status; podIP counts only without podIPs. */
function podAddresses({ podIP = "", podIPs = [] }: NonNullable<RawPod["status"]>): Address[] {
  const texts = podIPs.length > 0 ? podIPs.map(({ ip = "" }) => ip) : [podIP];
  const addresses: Address[] = [];
  for (const text of texts) {
    const address = parseAddress(text);
    if (address && !addresses.some(({ family }) => family === address.family)) addresses.push(address);
  }
  return addresses;
}
