import type { Cluster } from "../cluster/cluster.ts";
import type { SourceRange } from "../model/source.ts";
import type { PortSet } from "../net/port-set.ts";
import type { Verdict } from "../verdict/verdict.ts";
import type { Assertion } from "./assertion.ts";
import { destinationsOf } from "./destinations.ts";
import { type End, EndFinder } from "./ends.ts";
import { examplePort } from "./example-port.ts";
import { type FlowPorts, FlowTable } from "./flow-ports.ts";
import {
  type DestinationMember,
  firstPair,
  type Group,
  groupDestinations,
  groupSources,
  isEarlier,
  type Pair,
  pairCount,
  type SourceMember,
} from "./pair-groups.ts";

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
    const from = groupSources([...sources.values()]);
    return this.#judgePairs(assertion, from, groupDestinations(destinations, from));
  }

  #judgePairs(
    assertion: Assertion,
    sources: readonly Group<SourceMember>[],
    destinations: readonly Group<DestinationMember>[],
  ): JudgedAssertion {
    let pairs = 0;
    let violations = 0;
    let first: Pair | undefined;
    for (const to of destinations) {
      // Equal sets of ports are mostly one object.
      const known = new Map<PortSet, boolean>();
      for (const from of sources) {
        const pair = firstPair(from, to);
        if (pair === undefined) continue;
        const size = pairCount(from, to);
        pairs += size;
        if (!this.#isBroken(assertion, pair, known)) continue;
        violations += size;
        if (first === undefined || isEarlier(pair, first)) first = pair;
      }
    }
    if (pairs === 0 && !assertion.mayBeEmpty)
      return errorOf(assertion, noPairs(sources, destinations), assertion.range);
    const holds = assertion.match === "each" ? violations === 0 : pairs === 0 || violations < pairs;
    if (holds) return { assertion, status: "pass", pairs, violations: 0 };
    return { assertion, status: "fail", pairs, violations, counterExample: this.#example(assertion, first!) };
  }

  #isBroken(assertion: Assertion, pair: Pair, known: Map<PortSet, boolean>): boolean {
    const ports = this.#flows.single(pair.source.end, pair.destination.end);
    if (ports === undefined) return this.#broken(assertion, pair) !== undefined;
    let wrong = known.get(ports);
    if (wrong === undefined) {
      wrong = isWrong(assertion, pair, ports);
      known.set(ports, wrong);
    }
    return wrong;
  }

  /** Undefined when the pair is as expected: at each port over each family, or with `any` at one port over one. */
  #broken(assertion: Assertion, pair: Pair): Broken | undefined {
    const flows = this.#flows.between(pair.source.end, pair.destination.end);
    const wrong = flows.filter(({ ports }) => isWrong(assertion, pair, ports));
    const [flow] = wrong;
    if (flow === undefined || (assertion.match === "any" && wrong.length < flows.length)) return undefined;
    return { flow, ports: wrongPorts(assertion, pair, flow.ports) };
  }

  #example(assertion: Assertion, pair: Pair): CounterExample {
    const { flow, ports } = this.#broken(assertion, pair)!;
    const { source, destination } = flow;
    const at = examplePort(ports, destination.pod);
    return { ports, verdict: this.#cluster.evaluate({ source, destination, ...at }) };
  }
}

/** How a pair is not as expected, over one family. */
interface Broken {
  readonly flow: FlowPorts;
  readonly ports: PortSet;
}

/** Whether what is allowed is not as expected: at one of the ports, or with `any` at all of them. */
function isWrong(assertion: Assertion, pair: Pair, allowed: PortSet): boolean {
  const { wanted } = pair.destination;
  const { expect, match } = assertion;
  if (allowed.isAll) return expect === "deny";
  if (allowed.isEmpty) return expect === "allow";
  const asExpected = expect === "allow" ? wanted.intersect(allowed) : wanted.subtract(allowed);
  return match === "any" ? asExpected.isEmpty : !asExpected.equals(wanted);
}

function wrongPorts({ expect }: Assertion, { destination: { wanted } }: Pair, allowed: PortSet): PortSet {
  return expect === "allow" ? wanted.subtract(allowed) : wanted.intersect(allowed);
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
