import type { Cluster } from "../cluster/cluster.ts";
import { podKey } from "../cluster/pod-entry.ts";
import { resolveSides } from "../cluster/resolve-flow.ts";
import { groupBy } from "../group-by.ts";
import type { Pod } from "../model/objects.ts";
import type { Address } from "../net/address.ts";
import { PortSet } from "../net/port-set.ts";
import type { ListedPeer } from "../reach/listed-peer.ts";
import { type AddressRange, rangeCidrs } from "../reach/outside.ts";
import type { PeerClass } from "../reach/peer-class.ts";
import type { Reachability } from "../reach/reachability.ts";
import type { Endpoint, Verdict } from "../verdict/verdict.ts";
import type { AskedDestination, AskedEnd } from "./answers.ts";
import { type Apart, apartIn } from "./apart.ts";
import { verdictAt } from "./decisions.ts";
import { passes } from "./passes.ts";
import type { PodLister } from "./pod-lister.ts";
import { speaksForNode } from "./speaks-for-node.ts";

/** Peers that may reach the subject, or that it may reach, at these ports, for the same reasons. */
export interface Admission {
  /** The part of what was asked about that this is true of. */
  readonly subject: ListedPeer;
  readonly peer: ListedPeer;
  readonly ports: PortSet;
  /** Of one of the peers and the first port: which rules let it pass. */
  readonly verdict: Verdict;
}

/** A cluster made ready for questions about everybody in it. */
export interface Everybody {
  readonly cluster: Cluster;
  readonly reach: Reachability;
  readonly lister: PodLister;
}

/**
 * Everybody who may reach the destinations on some of their ports. A pod that reaches itself is no news and left out, and
 * so is a node that reaches its own pods by its bare address; addresses outside do not reach addresses outside.
 */
export function whoCanReach(
  everybody: Everybody,
  destinations: readonly AskedDestination[],
): readonly Admission[] {
  const admissions = new Admissions(everybody);
  for (const subject of subjectsOf(everybody, destinations)) {
    const { endpoint } = subject.ends[0]!;
    const row = subject.class && everybody.reach.portsFrom(subject.class);
    admissions.add(
      subject,
      (peer) => ({ source: peer, destination: endpoint }),
      ({ index }) => row![index]!,
    );
  }
  return admissions.list();
}

/** Everybody whom one of the sources may reach, and where. What is left out is what `whoCanReach` leaves out. */
export function whoCanBeReachedFrom(
  everybody: Everybody,
  sources: readonly AskedEnd[],
  within: PortSet = PortSet.all,
): readonly Admission[] {
  const admissions = new Admissions(everybody);
  const asked = sources.map((source) => ({ ...source, ports: within }));
  for (const subject of subjectsOf(everybody, asked)) {
    const { endpoint } = subject.ends[0]!;
    const towards = (peer: PeerClass) => everybody.reach.ports(subject.class!, peer);
    admissions.add(subject, (peer) => ({ source: endpoint, destination: peer }), towards);
  }
  return admissions.list();
}

/** Ends that were asked about and that policies treat alike. */
interface Subject {
  readonly ends: readonly AskedEnd[];
  /** Undefined for an end that has to be judged by itself. */
  readonly class: PeerClass | undefined;
  readonly ports: PortSet;
}

function subjectsOf(
  { cluster, reach, lister }: Everybody,
  asked: readonly AskedDestination[],
): readonly Subject[] {
  const groups = new Map<string, Subject & { readonly ends: AskedEnd[] }>();
  for (const [index, end] of asked.entries()) {
    const { pod, address } = end.endpoint;
    const alone = address !== undefined || pod === undefined || speaksForNode(cluster, pod);
    const known = alone ? undefined : reach.classOf(pod);
    // Pods on different nodes differ in which node may reach them, where somebody speaks for a node.
    const key =
      known === undefined || lister.byPod
        ? `end ${index}`
        : `class ${known.index} ${pod?.nodeName ?? ""} ${end.ports.key}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { ends: [end], class: known, ports: end.ports });
    else group.ends.push(end);
  }
  return [...groups.values()];
}

interface Pair {
  readonly source: Endpoint;
  readonly destination: Endpoint;
}

/** Peers that one subject may reach, or be reached by, at some ports for one reason. */
interface Collected {
  readonly ports: PortSet;
  readonly verdict: Verdict;
  readonly pods: Pod[];
  readonly ranges: AddressRange[];
  /** Equal for equal peers. */
  readonly who: string[];
}

/** Collects by reason: peers that the same rules let pass at the same ports are told together. */
class Admissions {
  readonly #everybody: Everybody;
  readonly #outside: Apart["strangers"];
  readonly #singles: Apart["singles"];
  readonly #found: { readonly subject: Subject; readonly peers: Collected; readonly key: string }[] = [];

  constructor(everybody: Everybody) {
    this.#everybody = everybody;
    const { strangers, singles } = apartIn(everybody.cluster, everybody.reach);
    this.#outside = strangers;
    this.#singles = singles;
  }

  /** `pair` puts a peer on its side of the flow; `towards` has what each class may reach, where that is known at once. */
  add(subject: Subject, pair: (peer: Endpoint) => Pair, towards: (peer: PeerClass) => PortSet): void {
    const { cluster, reach } = this.#everybody;
    const self = subject.ends.length === 1 ? subject.ends[0]!.endpoint.pod : undefined;
    const { pod: first, address: own } = subject.ends[0]!.endpoint;
    const forNode = first === undefined ? isOfNode(cluster, own) : speaksForNode(cluster, first);
    const reasons = new Map<string, Collected>();
    const judge = (
      peer: Endpoint,
      allowed: PortSet | undefined,
      who: string,
      pods: readonly Pod[],
      ranges: readonly AddressRange[],
    ) => {
      const { source, destination } = pair(peer);
      const asked = allowed === undefined ? subject.ports : subject.ports.intersect(allowed);
      if (asked.isEmpty) return;
      const sides = resolveSides(cluster.indexes(), { source, destination });
      for (const { ports, key } of passes(sides.source, sides.destination, asked)) {
        const reason = `${key} at ${ports.key}`;
        let known = reasons.get(reason);
        if (known === undefined) {
          const verdict = verdictAt(sides, ports);
          known = { ports, verdict, pods: [], ranges: [], who: [] };
          reasons.set(reason, known);
        }
        for (const pod of pods) known.pods.push(pod);
        known.ranges.push(...ranges);
        known.who.push(who);
      }
    };
    const ownClass = self && reach.classOf(self);
    for (const each of reach.classes) {
      if (each.pods.length === 0) continue;
      const ordinary =
        this.#singles.size === 0 ? each.pods : each.pods.filter((pod) => !this.#singles.has(pod));
      const others = each === ownClass ? ordinary.filter((pod) => !isOnly(pod, self)) : ordinary;
      const allowed = subject.class === undefined ? undefined : towards(each);
      for (const part of forNode ? byNode(others) : [others]) {
        const peer = part.find((pod) => pod !== first) ?? part[0];
        if (peer === undefined) continue;
        const who = part.length === each.pods.length ? `${each.index}` : part.map(podKey).join();
        judge({ pod: peer }, allowed, who, part, []);
      }
    }
    for (const pod of this.#singles)
      if (!isOnly(pod, self)) judge({ pod }, undefined, podKey(pod), [pod], []);
    if (isPod(cluster, subject)) {
      for (const { class: each, address } of this.#outside)
        judge({ address }, undefined, `${each.index}`, [], each.ranges);
    }
    for (const [key, peers] of reasons) this.#found.push({ subject, peers, key });
  }

  list(): readonly Admission[] {
    const { lister } = this.#everybody;
    const groups = new Map<string, { readonly peers: Collected; readonly ends: AskedEnd[] }>();
    for (const { subject, peers, key } of this.#found) {
      const whole = `${key} of ${peers.who.join(" ")}`;
      const group = groups.get(whole);
      if (group === undefined || lister.byPod)
        groups.set(group === undefined ? whole : `${whole} ${groups.size}`, {
          peers,
          ends: [...subject.ends],
        });
      else group.ends.push(...subject.ends);
    }
    return [...groups.values()].flatMap(({ peers: { ports, verdict, pods, ranges }, ends }) => {
      const subjects = listEnds(lister, ends);
      const peers: ListedPeer[] = [...lister.list(pods)];
      if (ranges.length > 0) peers.push({ kind: "outside", cidrs: rangeCidrs(ranges) });
      return subjects.flatMap((subject) => peers.map((peer) => ({ subject, peer, ports, verdict })));
    });
  }
}

/** A node may reach its own pods and not those of others. */
function byNode(pods: readonly Pod[]): Iterable<readonly Pod[]> {
  return groupBy(pods, ({ nodeName }) => nodeName ?? "").values();
}

/** A pod that stands for itself alone always reaches itself; a workload's pods are others to each other. */
export function isOnly(pod: Pod, self: Pod | undefined): boolean {
  if (pod !== self) return false;
  return pod.workload === undefined || pod.workload.replicas === 1;
}

const isOfNode = (cluster: Cluster, address: Address | undefined): boolean =>
  address !== undefined && cluster.indexes().nodes.namesAt(address) !== undefined;

const isPod = (cluster: Cluster, { ends }: Subject): boolean => {
  const { pod, address } = ends[0]!.endpoint;
  return pod !== undefined || (address !== undefined && cluster.podByAddress(address) !== undefined);
};

/** What was asked about, as it is listed. */
function listEnds(lister: PodLister, ends: readonly AskedEnd[]): readonly ListedPeer[] {
  const pods = ends.flatMap(({ endpoint: { pod } }) => pod ?? []);
  const ranges = ends.flatMap(({ endpoint: { pod, address }, range }): AddressRange[] => {
    if (pod !== undefined || address === undefined) return [];
    return [range ?? { family: address.family, first: address, last: address }];
  });
  const outside: ListedPeer[] = ranges.length === 0 ? [] : [{ kind: "outside", cidrs: rangeCidrs(ranges) }];
  return [...lister.list(pods), ...outside];
}
