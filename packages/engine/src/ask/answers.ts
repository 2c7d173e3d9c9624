import type { Cluster } from "../cluster/cluster.ts";
import type { PortSet } from "../net/port-set.ts";
import type { AddressRange } from "../reach/outside.ts";
import type { Reachability } from "../reach/reachability.ts";
import type { Endpoint, Verdict } from "../verdict/verdict.ts";
import { type Decision, decisions } from "./decisions.ts";
import { speaksForNode } from "./speaks-for-node.ts";

/** One end of a question; with `range` it stands for all of these addresses, of which `endpoint` is the first. */
export interface AskedEnd {
  readonly endpoint: Endpoint;
  readonly range?: AddressRange;
}

/** The other end, with the ports asked about. */
export interface AskedDestination extends AskedEnd {
  readonly ports: PortSet;
}

/** What holds for every flow from one of the sources to one of the destinations at one of the ports. */
export interface AnswerGroup {
  readonly sources: readonly AskedEnd[];
  readonly destinations: readonly AskedEnd[];
  readonly ports: PortSet;
  /** Of the first source, the first destination and the first port. */
  readonly verdict: Verdict;
}

/** Above this many pairs, pairs that policies cannot tell apart are judged once. */
const fewPairs = 64;

/**
 * The verdicts on every flow from a source to a destination, where those with the same reasons are one. In the order in
 * which they are first met, so that one source and one destination give the ports in order.
 */
export function answers(
  cluster: Cluster,
  sources: readonly AskedEnd[],
  destinations: readonly AskedDestination[],
): readonly AnswerGroup[] {
  const judge =
    sources.length * destinations.length > fewPairs
      ? judgeByClass(cluster)
      : (source: AskedEnd, { endpoint, ports }: AskedDestination) =>
          decisions(cluster, source.endpoint, endpoint, ports);
  const buckets = new Map<string, Bucket>();
  for (const source of sources) {
    for (const destination of destinations) {
      for (const { ports, verdict, key } of judge(source, destination)) {
        let bucket = buckets.get(key);
        if (bucket === undefined) {
          bucket = { ports, verdict, bySource: new Map() };
          buckets.set(key, bucket);
        }
        const reached = bucket.bySource.get(source);
        if (reached === undefined) bucket.bySource.set(source, [destination]);
        else reached.push(destination);
      }
    }
  }
  return [...buckets.values()].flatMap((bucket) => products(cluster, bucket));
}

interface Bucket {
  readonly ports: PortSet;
  readonly verdict: Verdict;
  readonly bySource: Map<AskedEnd, AskedDestination[]>;
}

/** Sources with the same destinations are one group, so that each group says nothing but what it is. */
function products(cluster: Cluster, { ports, verdict, bySource }: Bucket): AnswerGroup[] {
  const numbers = new Map<AskedDestination, number>();
  const number = (destination: AskedDestination) => {
    const known = numbers.get(destination) ?? numbers.size;
    numbers.set(destination, known);
    return known;
  };
  const groups = new Map<
    string,
    { readonly sources: AskedEnd[]; readonly destinations: readonly AskedEnd[] }
  >();
  for (const [source, destinations] of bySource) {
    const key = destinations.map(number).join();
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { sources: [source], destinations });
    else group.sources.push(source);
  }
  return [...groups.values()].map((group, index) => ({
    ...group,
    ports,
    verdict: index === 0 ? verdict : first(cluster, group, ports),
  }));
}

function first(
  cluster: Cluster,
  { sources, destinations }: Pick<AnswerGroup, "sources" | "destinations">,
  ports: PortSet,
): Verdict {
  return decisions(cluster, sources[0]!.endpoint, destinations[0]!.endpoint, ports)[0]!.verdict;
}

/** Pods of one class have one answer, unless a pod asks for itself or a node for its own pods. */
function judgeByClass(
  cluster: Cluster,
): (source: AskedEnd, destination: AskedDestination) => readonly Decision[] {
  const reach = cluster.reachability();
  const classes = new Map<AskedEnd, number | undefined>();
  const classOf = (end: AskedEnd) => {
    if (!classes.has(end)) classes.set(end, classKey(cluster, reach, end));
    return classes.get(end);
  };
  const known = new Map<string, readonly Decision[]>();
  return (source, destination) => {
    const judge = () => decisions(cluster, source.endpoint, destination.endpoint, destination.ports);
    const [from, to] = [classOf(source), classOf(destination)];
    if (from === undefined || to === undefined || source.endpoint.pod === destination.endpoint.pod)
      return judge();
    const key = `${from} ${to} ${destination.ports.key}`;
    let answer = known.get(key);
    if (answer === undefined) {
      answer = judge();
      known.set(key, answer);
    }
    return answer;
  };
}

/** Undefined for an end that is asked about by itself: an address, or a pod on its node's network. */
function classKey(cluster: Cluster, reach: Reachability, { endpoint }: AskedEnd): number | undefined {
  const { pod, address } = endpoint;
  if (pod === undefined || address !== undefined || speaksForNode(cluster, pod)) return undefined;
  return reach.classOf(pod)?.index;
}

/** Whether every flow that was asked about is allowed. */
export function allAllowed(groups: readonly AnswerGroup[]): boolean {
  return groups.length > 0 && groups.every(({ verdict }) => verdict.allowed);
}
