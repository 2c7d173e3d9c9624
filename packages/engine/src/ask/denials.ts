import { resolveSides } from "../cluster/resolve-flow.ts";
import type { Direction } from "../model/network-policy.ts";
import type { Pod } from "../model/objects.ts";
import { PortSet } from "../net/port-set.ts";
import type { ListedPeer, ListedPods } from "../reach/listed-peer.ts";
import { type AddressRange, rangeCidrs } from "../reach/outside.ts";
import { sidePorts } from "../verdict/allowed-ports.ts";
import type { Endpoint, Verdict } from "../verdict/verdict.ts";
import { apartIn } from "./apart.ts";
import { verdictAt } from "./decisions.ts";
import { policiesOn } from "./policies-on.ts";
import { policyNames } from "./policy-names.ts";
import { type Admission, type Everybody, isOnly } from "./who-can.ts";

export interface Denial {
  readonly peers: readonly ListedPeer[];
  /** Whose policies allow nothing; `ports`: both sides allow some ports, and none in common. */
  readonly by: "own" | "other" | "both" | "ports";
  /** On one of these connections. */
  readonly verdict: Verdict;
}

/** Everybody who is in no admission, by whose policies deny it. */
export function denials(
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
    for (const pod of pods) group.pods.push(pod);
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
