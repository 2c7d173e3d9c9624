import type { Cluster } from "../cluster/cluster.ts";
import { isFinished, podKey } from "../cluster/pod-entry.ts";
import type { Pod } from "../model/objects.ts";
import { addressFromValue } from "../net/address.ts";
import { type Cidr, cidrFromAddress } from "../net/cidr.ts";
import { subtractAndMerge } from "../net/cidr-set.ts";
import { rangeCidrs } from "../reach/outside.ts";
import type { PeerClass } from "../reach/peer-class.ts";
import type { Reachability } from "../reach/reachability.ts";
import type { Endpoint } from "../verdict/verdict.ts";
import type { AddressPeer, AssertionPeer, BlockPeer } from "./assertion.ts";
import { type AssertionPod, podsOfPeer } from "./match-peer.ts";
import { nearestName } from "./nearest-name.ts";

/** One end of a flow: a pod, an address, or addresses outside that policies treat alike. */
export interface End {
  /** Equal for the same end. */
  readonly key: string;
  /** Equal for the same pod, however it is asked about. */
  readonly who: string;
  /** Any address of it will do for an explanation. */
  readonly endpoint: Endpoint;
  /** The pod, of an end that is one. */
  readonly pod?: Pod;
  /** What reachability by classes says is true of it; absent where nodes' exemptions or a chosen address may matter. */
  readonly class?: PeerClass;
}

/** Finds who is meant by the peers of assertions, in one cluster as it is now. */
export class EndFinder {
  readonly #cluster: Cluster;
  readonly #reach: Reachability;
  readonly #pods: readonly FoundPod[];
  /** By `namespace/name`, their own and their workloads'. */
  readonly #called = new Map<string, FoundPod[]>();
  readonly #known: readonly Cidr[];
  #outside: readonly OutsidePiece[] | undefined;
  /** By what is written: files name the same peers again and again. */
  readonly #found = new Map<string, readonly End[]>();

  constructor(cluster: Cluster, reach: Reachability) {
    this.#cluster = cluster;
    this.#reach = reach;
    const alive = cluster.pods().filter((pod) => !isFinished(pod));
    this.#pods = alive.map((pod) => ({ ...asAssertionPod(pod), end: this.podEnd(pod) }));
    for (const pod of this.#pods) {
      for (const name of new Set([pod.name, pod.workload?.name ?? pod.name])) {
        const key = `${pod.namespace}/${name}`;
        const list = this.#called.get(key);
        if (list === undefined) this.#called.set(key, [pod]);
        else list.push(pod);
      }
    }
    const addresses = [...alive, ...cluster.nodes()].flatMap((object) => object.addresses);
    this.#known = addresses.map(cidrFromAddress);
  }

  /** Those that a peer means, sorted; none of a Service. */
  find(peer: AssertionPeer): readonly End[] {
    const key = `${peer.kind} ${peer.text}`;
    let ends = this.#found.get(key);
    if (ends === undefined) {
      ends = this.#find(peer);
      this.#found.set(key, ends);
    }
    return ends;
  }

  #find(peer: AssertionPeer): readonly End[] {
    switch (peer.kind) {
      case "named":
        return this.#matching(peer, this.#called.get(`${peer.namespace}/${peer.name}`) ?? []);
      case "selected":
        return this.#matching(peer, this.#pods);
      case "address":
        return [this.#addressEnd(peer)];
      case "block":
        return this.#rangeEnds(peer);
      case "outside":
        return this.outside();
    }
  }

  #matching(peer: AssertionPeer, pods: readonly FoundPod[]): readonly End[] {
    return podsOfPeer(peer, pods, (name) => this.#labelsOf(name)).map(({ end }) => end);
  }

  /** The whole outside, piece by piece. */
  outside(): readonly End[] {
    return this.#rangeEnds(undefined);
  }

  /** Why a peer means nobody, with what may have been meant. */
  absence(peer: AssertionPeer): string {
    if (peer.kind === "block") return `"${peer.text}" has no address outside of the cluster`;
    if (peer.kind !== "named") return `"${peer.text}" is no pod of the cluster`;
    const { namespace, type, name, text } = peer;
    const isService = type === "Service";
    const what = isService
      ? `there is no Service "${namespace}/${name}"`
      : `"${text}" is no pod of the cluster`;
    const services = this.#cluster.services();
    const others = isService
      ? services
      : this.#pods.map((pod) => ({ ...pod, name: pod.workload?.name ?? pod.name }));
    const meant = nearestName(namespace, name, others);
    if (meant !== undefined)
      return `${what}; did you mean ${isService ? meant.replace("/", "/svc/") : meant}?`;
    const asService = services.some((service) => service.namespace === namespace && service.name === name);
    return asService && !isService ? `${what}; the Service is ${namespace}/svc/${name}` : what;
  }

  podEnd(pod: Pod): End {
    const found = pod.hostNetwork ? undefined : this.#reach.classOf(pod);
    const key = podKey(pod);
    return { key, who: key, endpoint: { pod }, pod, ...(found && { class: found }) };
  }

  #labelsOf(namespace: string) {
    return this.#cluster.get("Namespace", undefined, namespace)?.labels ?? {};
  }

  /** A pod at this address may be treated otherwise than at its other one, so it has no class. */
  #addressEnd({ address }: AddressPeer): End {
    const pod = this.#cluster.podByAddress(address);
    const { text } = address;
    if (pod === undefined) return { key: text, who: text, endpoint: { address } };
    const who = podKey(pod);
    return { key: `${who} ${text}`, who, endpoint: { pod, address }, pod };
  }

  /** The pieces of the outside that lie in the block (all without one), each as one end with its first free address. */
  #rangeEnds(block: BlockPeer | undefined): readonly End[] {
    this.#outside ??= [...outsidePieces(this.#reach)];
    return this.#outside.flatMap(({ cidrs, class: own }): End[] => {
      const free = block === undefined ? cidrs : cidrs.flatMap((cidr) => overlap(cidr, block));
      const [first] = subtractAndMerge(
        free.map((cidr) => ({ cidr, except: [...(block?.except ?? []), ...this.#known] })),
      );
      if (first === undefined) return [];
      const address = addressFromValue(first.family, first.first);
      const key = `outside ${own.index}`;
      return [{ key, who: key, endpoint: { address }, class: own }];
    });
  }
}

type FoundPod = AssertionPod & { readonly end: End };

/** What an assertion sees of a pod of the cluster. */
export function asAssertionPod({ namespace, name, labels, workload, owner }: Pod): AssertionPod {
  const maker = workload ?? owner;
  return { namespace, name, labels, ...(maker && { workload: maker }), ...(workload && { nameless: true }) };
}

interface OutsidePiece {
  readonly class: PeerClass;
  readonly cidrs: readonly Cidr[];
}

function* outsidePieces(reach: Reachability): Iterable<OutsidePiece> {
  for (const each of reach.classes) {
    if (each.pods.length === 0) yield { class: each, cidrs: rangeCidrs(each.ranges) };
  }
}

/** The part of one prefix that lies in another: one of the two, or nothing. */
function overlap(a: Cidr, { cidr: b }: BlockPeer): readonly Cidr[] {
  if (a.family !== b.family || a.last < b.first || b.last < a.first) return [];
  return [a.prefix >= b.prefix ? a : b];
}

/** The pods of a workload that has several, in one: two of them are two pods to each other. */
export function hasReplicas({ pod }: End): boolean {
  return pod?.workload !== undefined && (pod.workload.replicas ?? 2) > 1;
}
