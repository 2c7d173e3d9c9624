import type { Cluster } from "../cluster/cluster.ts";
import { PortSet } from "../net/port-set.ts";
import { type End, EndFinder, hasReplicas } from "./ends.ts";
import { type FlowPorts, FlowTable } from "./flow-ports.ts";
import { type Fact, Gathered, type RecordedAssertion } from "./gathered.ts";
import { reasonFor } from "./reason.ts";
import { outsidePeers, type RecordedPeer } from "./recorded-peer.ts";
import { type Unit, unitsOf } from "./units.ts";
import { UsedPorts } from "./used-ports.ts";

export interface Recording {
  readonly assertions: readonly RecordedAssertion[];
  /** `namespace/name` of pods that no name means alone, and that nothing was recorded of. */
  readonly unnamed: readonly string[];
}

/**
 * What is allowed and denied in a cluster, as assertions: between workloads, and between each of them and the outside, at
 * the ports that containers declare and policies name. Where nothing at all is allowed, at every port. Each is true of all
 * pods of its workloads; sides and ports in common are put together. Sorted.
 */
export function recordAssertions(cluster: Cluster): Recording {
  return new Recorder(cluster).record();
}

class Recorder {
  readonly #cluster: Cluster;
  readonly #flows: FlowTable;
  readonly #units: readonly Unit[];
  readonly #unnamed: readonly string[];
  readonly #outside: readonly End[];
  readonly #used: UsedPorts;
  readonly #reasons = new Map<string, readonly string[]>();

  constructor(cluster: Cluster) {
    const reach = cluster.reachability();
    const finder = new EndFinder(cluster, reach);
    const { units, unnamed } = unitsOf(cluster, finder);
    this.#cluster = cluster;
    this.#flows = new FlowTable(cluster, reach);
    this.#units = units;
    this.#unnamed = unnamed;
    this.#outside = finder.outside();
    this.#used = new UsedPorts(cluster);
  }

  record(): Recording {
    const gathered = new Gathered();
    for (const to of this.#units) {
      const used = this.#used.at(to.pods);
      for (const from of this.#units)
        for (const fact of this.#facts(from.ends, to.ends, used)) gathered.add(fact, from.peers, to.peers);
      for (const { fact, peers } of this.#merged((outside) => this.#facts([outside], to.ends, used)))
        gathered.add(fact, peers, to.peers);
    }
    const used = this.#used.outside();
    for (const from of this.#units)
      for (const { fact, peers } of this.#merged((outside) => this.#facts(from.ends, [outside], used)))
        gathered.add(fact, from.peers, peers);
    return { assertions: gathered.assertions(), unnamed: this.#unnamed };
  }

  /** What is true of every flow between any of the one and any of the other; nothing when there is no flow. */
  #facts(sources: readonly End[], destinations: readonly End[], used: PortSet): readonly Fact[] {
    let always: PortSet | undefined;
    let sometimes: PortSet | undefined;
    let example: Example | undefined;
    for (const [source, destination] of pairsToAsk(sources, destinations)) {
      for (const flow of this.#flows.between(source, destination)) {
        always = always === undefined ? flow.ports : always.intersect(flow.ports);
        sometimes = sometimes === undefined ? flow.ports : sometimes.union(flow.ports);
        example ??= { flow, key: `${classKey(source)} ${classKey(destination)}` };
      }
    }
    if (always === undefined || sometimes === undefined || example === undefined) return [];
    const asked = example;
    const found = [
      { expect: "allow" as const, ports: used.intersect(always) },
      { expect: "deny" as const, ports: sometimes.isEmpty ? PortSet.all : used.subtract(sometimes) },
    ];
    return found
      .filter(({ ports }) => !ports.isEmpty)
      .map((fact) => ({ ...fact, why: this.#reason(asked, fact) }));
  }

  /** The same for all pairs of the same classes. */
  #reason({ flow, key }: Example, { expect, ports }: Omit<Fact, "why">): readonly string[] {
    const memo = `${key} ${expect} ${ports.key}`;
    let why = this.#reasons.get(memo);
    if (why === undefined) {
      why = reasonFor(this.#cluster, flow, expect, ports);
      this.#reasons.set(memo, why);
    }
    return why;
  }

  /** Pieces of the outside of which the same is true are one. */
  #merged(factsOf: (outside: End) => readonly Fact[]): { fact: Fact; peers: readonly RecordedPeer[] }[] {
    const groups = new Map<
      string,
      { readonly fact: Fact; readonly why: Set<string>; readonly pieces: End[] }
    >();
    for (const piece of this.#outside) {
      for (const fact of factsOf(piece)) {
        const key = `${fact.expect} ${fact.ports.key}`;
        const group = groups.get(key) ?? { fact, why: new Set<string>(), pieces: [] };
        groups.set(key, group);
        group.pieces.push(piece);
        for (const reason of fact.why) group.why.add(reason);
      }
    }
    return [...groups.values()].map(({ fact, why, pieces }) => ({
      fact: { ...fact, why: [...why] },
      peers: outsidePeers(
        pieces.flatMap((piece) => piece.class!.ranges),
        pieces.length === this.#outside.length,
      ),
    }));
  }
}

interface Example {
  readonly flow: FlowPorts;
  /** Equal for flows that policies treat alike. */
  readonly key: string;
}

const classKey = (end: End): string => (end.class === undefined ? end.key : String(end.class.index));

/** One pair for all where members are alike, else each; a pod and itself are none. */
function* pairsToAsk(sources: readonly End[], destinations: readonly End[]): Iterable<readonly [End, End]> {
  const alike = [...sources, ...destinations].every((end) => end.class !== undefined);
  for (const source of sources) {
    for (const destination of destinations) {
      if (source.who === destination.who && !hasReplicas(source)) continue;
      yield [source, destination];
      if (alike) return;
    }
  }
}
