import { type Cluster, type Endpoint, type Pod, type Service, servicePods } from "@portcullis/engine";
import { nearest } from "../input/nearest.ts";
import type { PeerRef } from "../input/peer.ts";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";

/** What a peer turned out to be. */
export type FoundPeer =
  | { readonly kind: "endpoints"; readonly endpoints: readonly Endpoint[] }
  | { readonly kind: "service"; readonly service: Service };

/** Looks a peer up. Fails with CliError (exit code 2), and a guess at what was meant, when the cluster has no such thing. */
export function findPeer(cluster: Cluster, peer: PeerRef): FoundPeer {
  if (peer.kind === "address") {
    const service = cluster
      .services()
      .find(({ clusterIPs }) => clusterIPs.some(({ text }) => text === peer.address.text));
    if (service !== undefined) return { kind: "service", service };
    return { kind: "endpoints", endpoints: [{ address: peer.address }] };
  }
  if (peer.type === "Service") {
    const service = cluster.get("Service", peer.namespace, peer.name);
    return service === undefined ? notFound(cluster, peer) : { kind: "service", service };
  }
  const pods = cluster.pods(peer.namespace).filter((pod) => isCalled(pod, peer));
  if (pods.length === 0) return notFound(cluster, peer);
  return { kind: "endpoints", endpoints: pods.map((pod) => ({ pod })) };
}

/** The pods that a peer sends from: a Service sends from each of its pods. */
export function sourcesOf(cluster: Cluster, peer: PeerRef): readonly Endpoint[] {
  const found = findPeer(cluster, peer);
  if (found.kind === "endpoints") return found.endpoints;
  const { namespace, name } = found.service;
  const pods = servicePods(cluster, found.service);
  if (pods.length > 0) return pods.map((pod) => ({ pod }));
  throw new CliError(
    exitCode.usage,
    `no pod is behind Service ${namespace}/${name}, so nothing can send from it`,
  );
}

type NamedPeer = Extract<PeerRef, { kind: "object" }>;

/** A pod answers to its own name and to its workload's, with the kind if one was given. */
function isCalled({ name, workload }: Pod, peer: NamedPeer): boolean {
  if (peer.type === "") return name === peer.name || workload?.name === peer.name;
  if (peer.type === "Pod") return name === peer.name && workload === undefined;
  return workload?.kind === peer.type && workload.name === peer.name;
}

function notFound(cluster: Cluster, { type, namespace, name }: NamedPeer): never {
  const everything = [
    ...cluster.pods().map((pod) => ({ ...pod, type: pod.workload?.kind ?? "Pod", prefix: "" })),
    ...cluster.services().map((service) => ({ ...service, type: "Service", prefix: "svc/" })),
  ];
  const here = everything.filter((object) => object.namespace === namespace);
  const elsewhere = everything.find((object) => object.name === name && object.namespace !== namespace);
  const asService = type === "" && here.find((object) => object.type === "Service" && object.name === name);
  const close = nearest(
    name,
    here.filter((object) => type === "" || object.type === type).map((object) => object.name),
  );
  throw new CliError(
    exitCode.usage,
    `there is no ${type === "" ? "pod or workload" : type} "${name}" in namespace ${namespace}`,
    asService
      ? `There is a Service of that name: write svc/${name}.`
      : elsewhere !== undefined
        ? `There is ${elsewhere.type} ${elsewhere.namespace}/${elsewhere.name}: write ${elsewhere.namespace}/${elsewhere.prefix}${elsewhere.name}.`
        : close !== undefined
          ? `Did you mean ${close}?`
          : here.length === 0
            ? `That namespace has no pods. Namespaces with pods: ${namespacesOf(cluster)}.`
            : `It has ${list(here.map((object) => `${object.prefix}${object.name}`))}.`,
  );
}

function namespacesOf(cluster: Cluster): string {
  return list([...new Set(cluster.pods().map(({ namespace }) => namespace))]) || "none";
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 8).join(", ");
  return names.length > 8 ? `${shown} and ${names.length - 8} more` : shown;
}
