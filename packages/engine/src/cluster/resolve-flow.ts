import type { Node, Pod } from "../model/objects.ts";
import type { Address } from "../net/address.ts";
import type { Endpoint, Flow } from "../verdict/verdict.ts";
import { isFinished, isNetworked, type PodEntry } from "./pod-entry.ts";

/** What resolving an endpoint needs to know of the cluster. */
export interface EndpointDirectory {
  /** The entry for a pod: the cluster's own of that name, else one made for this question. */
  entryFor(pod: Pod): PodEntry;
  /** The pod on the pod network that owns the address. */
  ownerOf(address: Address): PodEntry | undefined;
  node(name: string): Node | undefined;
  /** The nodes that have the address, by name. */
  nodesAt(address: Address): ReadonlyMap<string, number> | undefined;
}

/** One side of a flow, resolved. */
export interface Side {
  /** The pod as the cluster knows it, and the address that the flow uses where one could be told. */
  readonly endpoint: Endpoint;
  /** Set when the side is a pod that policies apply to: on the pod network and not finished. */
  readonly entry: PodEntry | undefined;
  /** The node whose network the side uses: of a hostNetwork pod. */
  readonly hostNode: string | undefined;
  /** The nodes that have the side's address. */
  readonly nodes: ReadonlyMap<string, number> | undefined;
}

/**
 * Resolves both sides of a flow. A bare address that a known pod owns is that pod. A pod of the cluster's own is meant
 * by its name; the cluster's present version counts. A pod without a chosen address uses one of the family that both
 * sides have, IPv4 first; a hostNetwork pod without addresses uses its node's. A finished pod has none.
 */
export function resolveSides(
  directory: EndpointDirectory,
  flow: Flow,
): { readonly source: Side; readonly destination: Side } {
  const source = openSide(directory, flow.source);
  const destination = openSide(directory, flow.destination);
  const [from, to] = chooseAddresses(source.choices, destination.choices);
  return {
    source: closeSide(directory, source, from),
    destination: closeSide(directory, destination, to),
  };
}

interface OpenSide {
  readonly pod: Pod | undefined;
  readonly entry: PodEntry | undefined;
  /** The addresses that the side may use: one when it was given. */
  readonly choices: readonly Address[];
}

function openSide(directory: EndpointDirectory, { pod, address }: Endpoint): OpenSide {
  if (pod === undefined) {
    const entry = address && directory.ownerOf(address);
    return { pod: entry?.pod, entry, choices: address ? [address] : [] };
  }
  const entry = directory.entryFor(pod);
  const present = entry.pod;
  const choices = address ? [address] : addressesOf(directory, entry);
  return { pod: present, entry: isNetworked(present) ? entry : undefined, choices };
}

function addressesOf(directory: EndpointDirectory, entry: PodEntry): readonly Address[] {
  const { pod } = entry;
  if (isFinished(pod)) return [];
  if (!pod.hostNetwork) return entry.addresses;
  if (pod.addresses.length > 0 || pod.nodeName === undefined) return pod.addresses;
  return directory.node(pod.nodeName)?.addresses ?? [];
}

/** One address a side: of a family that both have, IPv4 first; when there is none, each side's own first. */
function chooseAddresses(
  left: readonly Address[],
  right: readonly Address[],
): readonly [Address | undefined, Address | undefined] {
  for (const family of [4, 6] as const) {
    const a = left.find((address) => address.family === family);
    const b = right.find((address) => address.family === family);
    if (a && b) return [a, b];
  }
  const first = (addresses: readonly Address[]) =>
    addresses.find((address) => address.family === 4) ?? addresses[0];
  return [first(left), first(right)];
}

function closeSide(directory: EndpointDirectory, side: OpenSide, address: Address | undefined): Side {
  const { pod, entry } = side;
  const endpoint: Endpoint = { ...(pod && { pod }), ...(address && { address }) };
  return {
    endpoint,
    entry,
    hostNode: pod?.hostNetwork && !isFinished(pod) ? pod.nodeName : undefined,
    nodes: address && directory.nodesAt(address),
  };
}
