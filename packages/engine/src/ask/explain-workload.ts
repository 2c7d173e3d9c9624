import type { Cluster } from "../cluster/cluster.ts";
import { type PodPolicies, policiesOf } from "../cluster/pod-entry.ts";
import { resolveSides } from "../cluster/resolve-flow.ts";
import type { Direction, NetworkPolicy, PolicyRule } from "../model/network-policy.ts";
import type { ContainerPort, Pod } from "../model/objects.ts";
import { PortSet } from "../net/port-set.ts";
import { type Listed, type ListedPeer, type ListedPods, listedPeers } from "../reach/listed-peer.ts";
import { type AddressRange, rangeCidrs } from "../reach/outside.ts";
import { sidePorts } from "../verdict/allowed-ports.ts";
import type { Endpoint, Verdict } from "../verdict/verdict.ts";
import { apartIn } from "./apart.ts";
import { verdictAt } from "./decisions.ts";
import { policyNames } from "./policy-names.ts";
import { type ServiceWay, servicesOf } from "./services-of.ts";
import { type Admission, type Everybody, isOnly, whoCanBeReachedFrom, whoCanReach } from "./who-can.ts";

/** Everything that policies mean for one workload, or for those of its pods that they treat alike. */
export interface WorkloadExplanation {
  readonly peer: ListedPods;
  /** On its node's network: no policy selects it. */
  readonly hostNetwork: boolean;
  /** Of the containers; each once. */
  readonly ports: readonly ContainerPort[];
  readonly ingress: DirectionExplanation;
  readonly egress: DirectionExplanation;
  /** Services that lead to it. */
  readonly services: readonly ServiceWay[];
}

export interface DirectionExplanation {
  readonly direction: Direction;
  /** By name; none when it is not isolated. */
  readonly isolatedBy: readonly NetworkPolicy[];
  /** All rules of these policies, in their order, with those whom they let pass now. */
  readonly rules: readonly ExplainedRule[];
  /** Who passes without a rule: everybody that the other side lets pass, when it is not isolated. */
  readonly free: readonly Admission[];
  /** Who may not pass at any port. */
  readonly denied: readonly Denial[];
}

export interface ExplainedRule {
  readonly policy: NetworkPolicy;
  readonly direction: Direction;
  readonly rule: number;
  readonly written: PolicyRule;
  /** Each peer and port is told at the first rule that lets it pass. */
  readonly admissions: readonly Admission[];
}

export interface Denial {
  readonly peers: readonly ListedPeer[];
  /** Whose policies allow nothing; `ports`: both sides allow some ports, and none in common. */
  readonly by: "own" | "other" | "both" | "ports";
  /** On one of these connections. */
  readonly verdict: Verdict;
}

/** Explains workloads one after the other, by namespace, workload and name; each when it is asked for. */
export function* explainWorkloads(
  everybody: Everybody,
  isShown: (pod: Pod) => boolean = () => true,
): Iterable<WorkloadExplanation> {
  for (const listed of listedPeers(everybody.reach, everybody.lister.byPod)) {
    if (listed.peer.pods.some(isShown)) yield explainWorkload(everybody, listed);
  }
}

function explainWorkload(everybody: Everybody, { peer }: Listed): WorkloadExplanation {
  const ends = peer.pods.map((pod) => ({ endpoint: { pod } }));
  const [pod] = peer.pods;
  const inward = whoCanReach(
    everybody,
    ends.map((end) => ({ ...end, ports: PortSet.all })),
  );
  const outward = whoCanBeReachedFrom(everybody, ends);
  return {
    peer,
    hostNetwork: pod!.hostNetwork,
    ports: portsOf(peer.pods),
    ingress: explainDirection(everybody, peer, "Ingress", inward),
    egress: explainDirection(everybody, peer, "Egress", outward),
    services: servicesOf(everybody.cluster, peer.pods, inward),
  };
}

function portsOf(pods: readonly Pod[]): readonly ContainerPort[] {
  const byText = new Map<string, ContainerPort>();
  for (const port of pods.flatMap((pod) => pod.ports))
    byText.set(`${port.name ?? ""} ${port.protocol} ${port.port}`, port);
  return [...byText.values()].sort((a, b) => a.port - b.port || (a.protocol < b.protocol ? -1 : 1));
}

function explainDirection(
  everybody: Everybody,
  peer: ListedPods,
  direction: Direction,
  admissions: readonly Admission[],
): DirectionExplanation {
  const side = ({ verdict }: Admission) => (direction === "Ingress" ? verdict.ingress : verdict.egress);
  const pod = peer.pods[0]!;
  const policies = policiesOn(everybody.cluster, pod)[direction];
  return {
    direction,
    isolatedBy: policies.map(({ policy }) => policy),
    rules: policies.flatMap(({ policy, rules }) =>
      rules[direction].map(({ rule: written }, rule) => ({
        policy,
        direction,
        rule,
        written,
        admissions: admissions.filter((each) => {
          const { allowedBy } = side(each);
          return allowedBy?.policy === policy && allowedBy.rule === rule;
        }),
      })),
    ),
    free: admissions.filter((each) => side(each).allowedBy === undefined),
    denied: denials(everybody, peer, direction, admissions),
  };
}

/** Everybody who is in no admission, by whose policies deny it. */
function denials(
  { cluster, reach, lister }: Everybody,
  peer: ListedPods,
  direction: Direction,
  admissions: readonly Admission[],
): readonly Denial[] {
  const { strangers, singles } = apartIn(cluster, reach);
  const own = peer.pods[0]!;
  const ownClass = singles.has(own) ? undefined : reach.classOf(own);
  const admitted = new Set(admissions.flatMap((each) => (each.peer.kind === "pods" ? each.peer.pods : [])));
  const groups = new Map<string, Judged>();
  const inOrder = <T>(mine: T, other: T) =>
    direction === "Ingress" ? ([other, mine] as const) : ([mine, other] as const);
  const resolved = (other: Endpoint) => {
    const [source, destination] = inOrder<Endpoint>({ pod: own }, other);
    return resolveSides(cluster.indexes(), { source, destination });
  };
  const note = (other: Endpoint, ports: SidePorts, pods: readonly Pod[], ranges: readonly AddressRange[]) => {
    const [mine, theirs] = [ports[direction], ports[opposite[direction]]];
    if (!mine.isEmpty && !theirs.isEmpty && !mine.intersect(theirs).isEmpty) return;
    const by = mine.isEmpty ? (theirs.isEmpty ? "both" : "own") : theirs.isEmpty ? "other" : "ports";
    const key =
      by === "own" ? by : `${by} ${policyNames(policiesOn(cluster, other.pod)[opposite[direction]])}`;
    let group = groups.get(key);
    if (group === undefined) {
      // At a port at which the side that does not deny all would let it pass.
      const at = oneOf(by === "own" ? theirs : mine);
      group = { pods: [], ranges: [], by, verdict: verdictAt(resolved(other), at) };
      groups.set(key, group);
    }
    group.pods.push(...pods);
    group.ranges.push(...ranges);
  };
  for (const each of reach.classes) {
    const left = each.pods.filter(
      (pod) => !admitted.has(pod) && !(peer.pods.length === 1 && isOnly(pod, own)),
    );
    const other = left.find((pod) => pod !== own) ?? left[0];
    if (other === undefined) continue;
    const alike = ownClass !== undefined && other !== own && !singles.has(other);
    const ports = alike ? reach.sides(...inOrder(ownClass, each)) : sidePortsOf(resolved({ pod: other }));
    note({ pod: other }, ports, left, []);
  }
  for (const { class: each, address } of strangers)
    note({ address }, sidePortsOf(resolved({ address })), [], each.ranges);
  return [...groups.values()].map(({ pods, ranges, by, verdict }) => {
    const peers: ListedPeer[] = [...lister.list(pods)];
    if (ranges.length > 0) peers.push({ kind: "outside", cidrs: rangeCidrs(ranges) });
    return { peers, by, verdict };
  });
}

/** What the policies of each side allow. */
type SidePorts = Readonly<Record<Direction, PortSet>>;

function sidePortsOf({ source, destination }: ReturnType<typeof resolveSides>): SidePorts {
  return {
    Egress: sidePorts("Egress", source, destination),
    Ingress: sidePorts("Ingress", source, destination),
  };
}

const none: PodPolicies = { Ingress: [], Egress: [] };

/** The policies that apply to the pod, if it is one that they do apply to. */
function policiesOn(cluster: Cluster, pod: Pod | undefined): PodPolicies {
  return pod === undefined || pod.hostNetwork ? none : policiesOf(cluster.indexes().entryFor(pod));
}

interface Judged extends Pick<Denial, "by" | "verdict"> {
  readonly pods: Pod[];
  readonly ranges: AddressRange[];
}

const opposite = { Ingress: "Egress", Egress: "Ingress" } as const;

/** One port of the set; of the empty set any. */
function oneOf({ ranges, portless }: PortSet): PortSet {
  const [first] = ranges;
  if (first === undefined && portless) return PortSet.icmp;
  const { protocol, from } = first ?? { protocol: "TCP" as const, from: 1 };
  return PortSet.of([{ protocol, from, to: from }]);
}
