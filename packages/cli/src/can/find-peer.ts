import {
  type Address,
  type AskedEnd,
  type Cidr,
  type Cluster,
  cutCidr,
  matchesSelector,
  type Pod,
  type Service,
  servicePods,
} from "@portcullis/engine";
import { nearest } from "../input/nearest.ts";
import type { PeerRef } from "../input/peer.ts";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";

/** What a peer turned out to be. */
export type FoundPeer =
  | { readonly kind: "ends"; readonly ends: readonly AskedEnd[] }
  | { readonly kind: "service"; readonly service: Service };

/** Looks a peer up. Fails with CliError (exit code 2), and a guess at what was meant, when the cluster has no such thing. */
export function findPeer(cluster: Cluster, peer: PeerRef): FoundPeer {
  switch (peer.kind) {
    case "address":
      return atAddress(cluster, peer.address);
    case "cidr":
      return { kind: "ends", ends: inPrefix(cluster, peer.cidr) };
    case "selected":
      return { kind: "ends", ends: selectedPods(cluster, peer) };
    case "object":
      return calledSo(cluster, peer);
  }
}

function atAddress(cluster: Cluster, address: Address): FoundPeer {
  const service = cluster
    .services()
    .find(({ clusterIPs }) => clusterIPs.some(({ text }) => text === address.text));
  if (service !== undefined) return { kind: "service", service };
  return { kind: "ends", ends: [{ endpoint: { address } }] };
}

function inPrefix(cluster: Cluster, cidr: Cidr): readonly AskedEnd[] {
  return cutCidr(cluster, cidr).map((range) => {
    const address = range.first;
    if (address.value < range.last.value) return { endpoint: { address }, range };
    const pod = cluster.podByAddress(address);
    return { endpoint: { address, ...(pod && { pod }) } };
  });
}

type SelectedPeer = Extract<PeerRef, { kind: "selected" }>;

function selectedPods(cluster: Cluster, { namespace, selector, text }: SelectedPeer): readonly AskedEnd[] {
  const pods = cluster.pods(namespace).filter(({ labels }) => matchesSelector(selector, labels));
  if (pods.length > 0) return ends(pods);
  const here = namespace === undefined ? "" : ` in namespace ${namespace}`;
  throw new CliError(
    exitCode.usage,
    `${text} selects no pod`,
    cluster.pods(namespace).length === 0
      ? `There are no pods${here}. Namespaces with pods: ${namespacesOf(cluster)}.`
      : `The pods${here} have ${list(labelsOf(cluster.pods(namespace)))}.`,
  );
}

function calledSo(cluster: Cluster, peer: NamedPeer): FoundPeer {
  if (peer.type === "Service") {
    const service = cluster.get("Service", peer.namespace, peer.name);
    return service === undefined ? notFound(cluster, peer) : { kind: "service", service };
  }
  const pods = cluster.pods(peer.namespace).filter((pod) => isCalled(pod, peer));
  return pods.length === 0 ? notFound(cluster, peer) : { kind: "ends", ends: ends(pods) };
}

const ends = (pods: readonly Pod[]): readonly AskedEnd[] => pods.map((pod) => ({ endpoint: { pod } }));

/** The ends that a peer sends from: a Service sends from each of its pods. */
export function sourcesOf(cluster: Cluster, peer: PeerRef): readonly AskedEnd[] {
  const found = findPeer(cluster, peer);
  if (found.kind === "ends") return found.ends;
  const { namespace, name } = found.service;
  const pods = servicePods(cluster, found.service);
  if (pods.length > 0) return ends(pods);
  throw new CliError(
    exitCode.usage,
    `no pod is behind Service ${namespace}/${name}, so nothing can send from it`,
  );
}

type NamedPeer = Extract<PeerRef, { kind: "object" }>;

/** A pod answers to its own name and to the name of the workload that it is one of, with the kind if one was given. */
function isCalled({ name, workload, owner }: Pod, peer: NamedPeer): boolean {
  const maker = workload ?? owner;
  if (peer.type === "") return name === peer.name || maker?.name === peer.name;
  if (peer.type === "Pod") return name === peer.name && workload === undefined;
  return maker?.kind === peer.type && maker.name === peer.name;
}

function notFound(cluster: Cluster, { type, namespace, name }: NamedPeer): never {
  const everything = [
    ...cluster.pods().map((pod) => ({ ...pod, type: pod.workload?.kind ?? "Pod", prefix: "" })),
    ...owners(cluster),
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

/** Live pods are found by their workload as well. */
function owners(cluster: Cluster) {
  const found = new Map<string, { type: string; namespace: string; name: string; prefix: string }>();
  for (const { namespace, owner } of cluster.pods()) {
    if (owner === undefined) continue;
    const one = { type: owner.kind, namespace, name: owner.name, prefix: "" };
    found.set(`${namespace} ${owner.kind} ${owner.name}`, one);
  }
  return found.values();
}

function labelsOf(pods: readonly Pod[]): readonly string[] {
  const pairs = pods.flatMap(({ labels }) => Object.entries(labels).map(([key, value]) => `${key}=${value}`));
  return [...new Set(pairs)].sort();
}

function namespacesOf(cluster: Cluster): string {
  return list([...new Set(cluster.pods().map(({ namespace }) => namespace))]) || "none";
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 8).join(", ");
  return names.length > 8 ? `${shown} and ${names.length - 8} more` : shown;
}
