import type { Direction, NetworkPolicy, PolicyRule } from "../model/network-policy.ts";
import type { ContainerPort, Pod } from "../model/objects.ts";
import { PortSet } from "../net/port-set.ts";
import { type Listed, type ListedPods, listedPeers } from "../reach/listed-peer.ts";
import { type Denial, denials } from "./denials.ts";
import { policiesOn } from "./policies-on.ts";
import { type ServiceWay, servicesOf } from "./services-of.ts";
import { type Admission, type Everybody, whoCanBeReachedFrom, whoCanReach } from "./who-can.ts";

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
