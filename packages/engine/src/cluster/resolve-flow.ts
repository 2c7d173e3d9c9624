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
  /** The pod as the cluster knows it. */
  readonly pod: Pod | undefined;
  /** The address that the flow uses, where one could be told. */
  readonly address: Address | undefined;
  /** Set when the side is a pod that policies apply to: on the pod network and not finished. */
  readonly entry: PodEntry | undefined;
  /** The node whose network the side uses: of a hostNetwork pod. */
  readonly hostNode: string | undefined;
  /** The nodes that have the side's address. */
  readonly nodes: ReadonlyMap<string, number> | undefined;
}

/** A side as an endpoint of a verdict's flow. */
export function endpointOf({ pod, address }: Side): Endpoint {
  return { ...(pod && { pod }), ...(address && { address }) };
}

/**
 * Resolves both sides of a flow. A bare address that a known pod owns is that pod. A pod of the cluster's own is meant
 * by its name; the cluster's present version counts. A pod without a chosen address uses one of the family that both
 * sides have, IPv4 first; a hostNetwork pod without addresses uses its node's. A finished pod has none.
 */
export function resolveSides(
  directory: EndpointDirectory,
  flow: Pick<Flow, "source" | "destination">,
): { readonly source: Side; readonly destination: Side } {
  const source = identify(directory, flow.source);
  const destination = identify(directory, flow.destination);
  const from = choices(directory, flow.source, source);
  const to = choices(directory, flow.destination, destination);
  return {
    source: side(directory, source, choose(from, to)),
    destination: side(directory, destination, choose(to, from)),
  };
}

/** The entry of the endpoint's pod, also of one that policies do not apply to. */
function identify(directory: EndpointDirectory, { pod, address }: Endpoint): PodEntry | undefined {
  if (pod !== undefined) return directory.entryFor(pod);
  return address && directory.ownerOf(address);
}

/** The addresses that the side may use: one when it was given. */
function choices(
  directory: EndpointDirectory,
  { address }: Endpoint,
  entry: PodEntry | undefined,
): readonly Address[] {
  if (address !== undefined) return [address];
  if (entry === undefined || isFinished(entry.pod)) return NONE;
  const { hostNetwork, addresses, nodeName } = entry.pod;
  if (!hostNetwork) return entry.addresses;
  if (addresses.length > 0 || nodeName === undefined) return addresses;
  return directory.node(nodeName)?.addresses ?? NONE;
}

const NONE: readonly Address[] = [];

/** One of `mine`: of a family that `theirs` has too, IPv4 first; when there is none, the first, IPv4 first. */
function choose(mine: readonly Address[], theirs: readonly Address[]): Address | undefined {
  const four = firstOf(mine, 4);
  if (four !== undefined && firstOf(theirs, 4) !== undefined) return four;
  const six = firstOf(mine, 6);
  if (six !== undefined && firstOf(theirs, 6) !== undefined) return six;
  return four ?? six;
}

function firstOf(addresses: readonly Address[], family: 4 | 6): Address | undefined {
  for (const address of addresses) if (address.family === family) return address;
  return undefined;
}

function side(directory: EndpointDirectory, entry: PodEntry | undefined, address: Address | undefined): Side {
  const pod = entry?.pod;
  return {
    pod,
    address,
    entry: pod !== undefined && isNetworked(pod) ? entry : undefined,
    hostNode: pod?.hostNetwork && !isFinished(pod) ? pod.nodeName : undefined,
    nodes: address && directory.nodesAt(address),
  };
}
