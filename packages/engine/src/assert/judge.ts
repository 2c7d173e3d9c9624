import type { Cluster } from "../cluster/cluster.ts";
import type { SourceRange } from "../model/source.ts";
import type { PortSet } from "../net/port-set.ts";
import type { Verdict } from "../verdict/verdict.ts";
import type { Assertion } from "./assertion.ts";
import { type Destination, destinationsOf } from "./destinations.ts";
import { type End, EndFinder, hasReplicas } from "./ends.ts";
import { examplePort } from "./example-port.ts";
import { type FlowPorts, FlowTable } from "./flow-ports.ts";

/** What the engine makes of an assertion. */
export interface JudgedAssertion {
  readonly assertion: Assertion;
  /** `error`: it cannot be asked of this cluster; `problem` says why. */
  readonly status: "pass" | "fail" | "error";
  /** Ordered pairs of two different ends that it is about. */
  readonly pairs: number;
  /** Of a failure: the pairs that are not as expected. */
  readonly violations: number;
  readonly counterExample?: CounterExample;
  readonly problem?: string;
  /** What in the file is at fault. */
  readonly problemRange?: SourceRange;
}

/** The first pair, in the order of sources and then destinations, that is not as expected. */
export interface CounterExample {
  /** About one port of `ports`: one that the destination declares, or else the lowest, TCP before others. */
  readonly verdict: Verdict;
  /** All ports of the pair, of those that the assertion names, that are not as expected. */
  readonly ports: PortSet;
}

/** Judges assertions about a cluster as it is when this is made, by what policies say; no packet is sent. */
export class AssertionJudge {
  readonly #cluster: Cluster;
  readonly #finder: EndFinder;
  readonly #flows: FlowTable;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    const reach = cluster.reachability();
    this.#finder = new EndFinder(cluster, reach);
    this.#flows = new FlowTable(cluster, reach);
  }

  judge(assertion: Assertion): JudgedAssertion {
    const sources = new Map<string, End>();
    for (const peer of assertion.from) {
      const found = this.#finder.find(peer);
      if (found.length === 0 && !assertion.mayBeEmpty)
        return errorOf(assertion, `from: ${this.#finder.absence(peer)}`, peer.range);
      for (const end of found) sources.set(end.key, end);
    }
    const { destinations, problem } = destinationsOf(assertion, this.#cluster, this.#finder);
    if (problem !== undefined) return errorOf(assertion, problem.message, problem.range);
    return this.#judgePairs(assertion, groupSources([...sources.values()]), groupDestinations(destinations));
  }

  #judgePairs(
    assertion: Assertion,
    sources: readonly Group<SourceMember>[],
    destinations: readonly Group<DestinationMember>[],
  ): JudgedAssertion {
    let pairs = 0;
    let violations = 0;
    let first: Candidate | undefined;
    for (const to of destinations) {
      for (const from of sources) {
        const pair = firstPair(from, to);
        if (pair === undefined) continue;
        const size = pairCount(from, to);
        pairs += size;
        const broken = this.#violation(assertion, pair);
        if (broken === undefined) continue;
        violations += size;
        if (first === undefined || isEarlier(pair, first.pair)) first = { pair, ...broken };
      }
    }
    if (pairs === 0 && !assertion.mayBeEmpty)
      return errorOf(assertion, noPairs(sources, destinations), assertion.range);
    const holds = assertion.match === "each" ? violations === 0 : pairs === 0 || violations < pairs;
    if (holds) return { assertion, status: "pass", pairs, violations: 0 };
    return { assertion, status: "fail", pairs, violations, counterExample: this.#example(first!) };
  }

  /** Undefined when the pair is as expected: at each port over each family, or with `any` at one port over one. */
  #violation({ expect, match }: Assertion, { source, destination }: Pair): Broken | undefined {
    const { wanted } = destination;
    const flows = this.#flows.between(source.end, destination.end);
    const broken = flows.map((flow) => ({
      flow,
      ports: expect === "allow" ? wanted.subtract(flow.ports) : wanted.intersect(flow.ports),
    }));
    if (match === "any") {
      const some = broken.some(({ ports }) => !ports.equals(wanted));
      return some ? undefined : broken[0];
    }
    return broken.find(({ ports }) => !ports.isEmpty);
  }

  #example({ flow, ports }: Candidate): CounterExample {
    const { source, destination } = flow;
    const at = examplePort(ports, destination.pod);
    return { ports, verdict: this.#cluster.evaluate({ source, destination, ...at }) };
  }
}

interface SourceMember {
  readonly index: number;
  readonly end: End;
}

interface DestinationMember extends SourceMember {
  readonly wanted: PortSet;
}

/** Ends that are treated alike, in order; an end without a class is alone. */
interface Group<M> {
  readonly members: readonly M[];
  readonly who: ReadonlySet<string>;
}

interface Pair {
  readonly source: SourceMember;
  readonly destination: DestinationMember;
}

interface Broken {
  readonly flow: FlowPorts;
  readonly ports: PortSet;
}

interface Candidate extends Broken {
  readonly pair: Pair;
}

function groupSources(ends: readonly End[]): readonly Group<SourceMember>[] {
  return grouped(
    ends.map((end, index) => ({ index, end })),
    ({ end }) => (end.class === undefined ? end.key : `class ${end.class.index}`),
  );
}

function groupDestinations(destinations: readonly Destination[]): readonly Group<DestinationMember>[] {
  return grouped(
    destinations.map((destination, index) => ({ index, ...destination })),
    ({ end, wanted }) => (end.class === undefined ? end.key : `class ${end.class.index} ${wanted.key}`),
  );
}

function grouped<M extends SourceMember>(
  members: readonly M[],
  keyOf: (member: M) => string,
): readonly Group<M>[] {
  const groups = new Map<string, M[]>();
  for (const member of members) {
    const key = keyOf(member);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [member]);
    else group.push(member);
  }
  return [...groups.values()].map((list) => ({
    members: list,
    who: new Set(list.map(({ end }) => end.who)),
  }));
}

/** A pod and itself are no flow, and one between two ends that are no pods is none of the cluster's. */
function isFlow({ end: source }: SourceMember, { end: destination }: SourceMember): boolean {
  if (source.pod === undefined && destination.pod === undefined) return false;
  return source.who !== destination.who || hasReplicas(source);
}

function pairCount(from: Group<SourceMember>, to: Group<DestinationMember>): number {
  let same = 0;
  for (const { end } of from.members) if (to.who.has(end.who) && !hasReplicas(end)) same++;
  return from.members.length * to.members.length - same;
}

function firstPair(from: Group<SourceMember>, to: Group<DestinationMember>): Pair | undefined {
  const source = from.members[0]!;
  const destination = to.members.find((each) => isFlow(source, each));
  if (destination !== undefined) return { source, destination };
  const second = from.members[1];
  if (second === undefined || !isFlow(second, to.members[0]!)) return undefined;
  return { source: second, destination: to.members[0]! };
}

function isEarlier(a: Pair, b: Pair): boolean {
  const sources = a.source.index - b.source.index;
  return sources < 0 || (sources === 0 && a.destination.index < b.destination.index);
}

function noPairs(
  sources: readonly Group<SourceMember>[],
  destinations: readonly Group<DestinationMember>[],
): string {
  const ends = [...sources, ...destinations].flatMap(({ members }) => members.map(({ end }) => end));
  return ends.some(({ pod }) => pod !== undefined)
    ? "it is about a pod and itself alone, which always reach each other"
    : "neither side is a pod of the cluster, and policies are about pods";
}

function errorOf(assertion: Assertion, problem: string, problemRange: SourceRange): JudgedAssertion {
  return { assertion, status: "error", pairs: 0, violations: 0, problem, problemRange };
}
