// What an assertion means, the slow way: every flow that it is about, one port at a time, asked of the oracle. Shares
// nothing with the judge but the reading of the file.
import type fc from "fast-check";
import type { Cluster } from "../cluster/cluster.ts";
import type { Pod } from "../model/objects.ts";
import type { FlowProtocol } from "../model/protocol.ts";
import { type Address, addressFromValue } from "../net/address.ts";
import { cidrContains } from "../net/cidr.ts";
import { addressRanges } from "../reach/outside.ts";
import { matchesSelector } from "../selector/selector.ts";
import { oracle } from "../verdict/oracle.ts";
import { type RandomCluster, randomCluster } from "../verdict/random-cluster.testing.ts";
import type { Endpoint } from "../verdict/verdict.ts";
import type { Assertion, AssertionPeer, AssertionPort } from "./assertion.ts";

/** A pod that stands for a workload has no address in a manifest, and here neither. */
export const randomWorld: fc.Arbitrary<RandomCluster> = randomCluster.map((world) => {
  const pods = world.pods.map((pod) => (pod.workload === undefined ? pod : { ...pod, addresses: [] }));
  const { namespaces, nodes, policies } = world;
  return { ...world, pods, objects: [...namespaces, ...nodes, ...pods, ...policies] };
});

/** Ports on both sides of every port that random policies name, so that each stretch between two has one. */
const samples = [1, 78, 79, 80, 81, 82, 83, 8079, 8080, 8081, 65535];

interface AskedPort {
  readonly protocol: FlowProtocol;
  readonly port: number;
}

interface BrutePair {
  readonly source: Endpoint;
  readonly destination: Endpoint;
  /** By family: one answer for each asked port. */
  readonly answers: readonly { readonly at: AskedPort; readonly allowed: boolean }[];
}

/** Every pair that the assertion is about, with every answer. */
export function* brutePairs(
  assertion: Assertion,
  world: RandomCluster,
  cluster: Cluster,
): Generator<BrutePair> {
  const sources = distinct(assertion.from.flatMap((peer) => endpointsOf(peer, world, cluster)));
  const destinations = distinct(assertion.to.flatMap((peer) => endpointsOf(peer, world, cluster)));
  for (const source of sources) {
    for (const destination of destinations) {
      if (isNoFlow(source, destination)) continue;
      const ports = assertion.ports.flatMap((port) => numbersOf(port, destination.pod));
      const answers = variants(source, destination, cluster).flatMap(([from, to]) =>
        ports.map((at) => ({ at, allowed: oracle(world, { source: from, destination: to, ...at }) })),
      );
      if (answers.length > 0) yield { source, destination, answers };
    }
  }
}

function endpointsOf(peer: AssertionPeer, world: RandomCluster, cluster: Cluster): Endpoint[] {
  const alive = world.pods.filter(({ phase }) => phase !== "Succeeded" && phase !== "Failed");
  const pods = alive.toSorted((a, b) => (keyOf({ pod: a }) < keyOf({ pod: b }) ? -1 : 1));
  switch (peer.kind) {
    case "address": {
      const pod = cluster.podByAddress(peer.address);
      return [pod === undefined ? { address: peer.address } : { pod, address: peer.address }];
    }
    case "outside":
      return strangers(world, () => true);
    case "block":
      return strangers(
        world,
        (address) =>
          cidrContains(peer.cidr, address) && !peer.except.some((hole) => cidrContains(hole, address)),
      );
    case "selected": {
      const { scope, selector } = peer;
      return pods
        .filter(({ namespace }) =>
          "namespace" in scope
            ? scope.namespace === namespace
            : matchesSelector(scope.namespaces, labelsOf(namespace, world)),
        )
        .filter(({ labels }) => matchesSelector(selector, labels))
        .map((pod) => ({ pod }));
    }
    case "named":
      return pods
        .filter((pod) => pod.namespace === peer.namespace && isCalled(pod, peer.type, peer.name))
        .map((pod) => ({ pod }));
  }
}

function isCalled({ name, workload }: Pod, type: string, wanted: string): boolean {
  if (type === "Pod") return workload === undefined && name === wanted;
  if (type === "") return name === wanted || workload?.name === wanted;
  return workload?.kind === type && workload.name === wanted;
}

function labelsOf(namespace: string, { namespaces }: RandomCluster) {
  return {
    ...namespaces.find(({ name }) => name === namespace)?.labels,
    "kubernetes.io/metadata.name": namespace,
  };
}

/** The first address of nobody in each stretch that policies treat alike, cut by the assertion's own blocks as well. */
function strangers(world: RandomCluster, wanted: (address: Address) => boolean): Endpoint[] {
  const known = new Set(
    [...world.pods, ...world.nodes].flatMap(({ addresses }) => addresses.map(({ text }) => text)),
  );
  const ranges = addressRanges([{ policies: () => world.policies } as unknown as Cluster]);
  const free = ranges.flatMap(({ family, first, last }) => {
    const candidates = [
      first,
      last,
      ...[1n, 2n, 3n, 5n, 9n, 200n].map((step) => addressFromValue(family, first.value + step)),
    ]
      .filter(({ value }) => value >= first.value && value <= last.value)
      .filter((address) => !known.has(address.text) && wanted(address));
    return candidates.slice(0, 1);
  });
  return [...free, ...world.outside.filter(wanted)].map((address) => ({ address }));
}

const keyOf = ({ pod, address }: Endpoint): string =>
  `${pod === undefined ? "" : `${pod.namespace}/${pod.workload === undefined ? "" : `${pod.workload.kind}/`}${pod.name}`} ${address?.text ?? ""}`;

const distinct = (endpoints: readonly Endpoint[]): Endpoint[] => [
  ...new Map(endpoints.map((endpoint) => [keyOf(endpoint), endpoint])).values(),
];

function isNoFlow({ pod: source }: Endpoint, { pod: destination }: Endpoint): boolean {
  if (source === undefined || destination === undefined) return source === destination;
  if (source !== destination && keyOf({ pod: source }) !== keyOf({ pod: destination })) return false;
  const { workload } = source;
  return workload === undefined || workload.replicas === 1 || workload.replicas === 0;
}

/** Over each family that both pods have, when they have two. */
function variants(
  source: Endpoint,
  destination: Endpoint,
  cluster: Cluster,
): (readonly [Endpoint, Endpoint])[] {
  const plain = [[source, destination] as const];
  if (!source.pod || !destination.pod || source.address || destination.address) return plain;
  const own = (pod: Pod) =>
    pod.addresses.filter((address) => pod.hostNetwork || cluster.podByAddress(address)?.name === pod.name);
  const theirs = own(destination.pod);
  const both = own(source.pod).flatMap((from) => {
    const to = theirs.find(({ family }) => family === from.family);
    const pair =
      to &&
      ([
        { pod: source.pod!, address: from },
        { pod: destination.pod!, address: to },
      ] as const);
    return pair === undefined ? [] : [pair];
  });
  return both.length > 1 ? both : plain;
}

function numbersOf(port: AssertionPort, pod: Pod | undefined): AskedPort[] {
  switch (port.kind) {
    case "icmp":
      return [{ protocol: "ICMP", port: 0 }];
    case "range":
      return samples
        .filter((sample) => sample >= port.from && sample <= port.to)
        .map((sample) => ({ protocol: port.protocol, port: sample }));
    case "all":
      return [
        ...(["TCP", "UDP", "SCTP"] as const).flatMap((protocol) =>
          samples.map((sample) => ({ protocol, port: sample })),
        ),
        { protocol: "ICMP", port: 0 },
      ];
    case "name":
      return (pod?.ports ?? [])
        .filter((own) => own.name === port.name && own.protocol === port.protocol)
        .map((own) => ({ protocol: own.protocol, port: own.port }));
  }
}
