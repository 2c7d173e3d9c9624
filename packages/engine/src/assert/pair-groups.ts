import { groupBy } from "../group-by.ts";
import type { PortSet } from "../net/port-set.ts";
import type { PeerClass } from "../reach/peer-class.ts";
import type { Destination } from "./destinations.ts";
import { type End, hasReplicas } from "./ends.ts";

export interface SourceMember {
  readonly index: number;
  readonly end: End;
}

export interface DestinationMember extends SourceMember {
  readonly wanted: PortSet;
}

/** Ends that are treated alike, in order; an end without a class is alone. */
export interface Group<M> {
  readonly members: readonly M[];
  readonly who: ReadonlySet<string>;
  readonly class: PeerClass | undefined;
}

export interface Pair {
  readonly source: SourceMember;
  readonly destination: DestinationMember;
}

export function groupSources(ends: readonly End[]): readonly Group<SourceMember>[] {
  return grouped(
    ends.map((end, index) => ({ index, end })),
    ({ end }) => (end.class === undefined ? end.key : `class ${end.class.index}`),
  );
}

/** A source on a node's network may always reach that node's own pods, so with one of those the node counts as well. */
export function groupDestinations(
  destinations: readonly Destination[],
  sources: readonly Group<SourceMember>[],
): readonly Group<DestinationMember>[] {
  const nodesMatter = sources.some((source) => source.class === undefined);
  return grouped(
    destinations.map((destination, index) => ({ index, ...destination })),
    ({ end, wanted }) => {
      if (end.class === undefined) return end.key;
      const node = nodesMatter ? (end.pod?.nodeName ?? "") : "";
      return `class ${end.class.index} ${wanted.key} ${node}`;
    },
  );
}

function grouped<M extends SourceMember>(
  members: readonly M[],
  keyOf: (member: M) => string,
): readonly Group<M>[] {
  return [...groupBy(members, keyOf).values()].map((list) => ({
    members: list,
    who: new Set(list.map(({ end }) => end.who)),
    class: list[0].end.class,
  }));
}

/** A pod and itself are no flow, and one between two ends that are no pods is none of the cluster's. */
function isFlow({ end: source }: SourceMember, { end: destination }: SourceMember): boolean {
  if (source.pod === undefined && destination.pod === undefined) return false;
  return source.who !== destination.who || hasReplicas(source);
}

export function pairCount(from: Group<SourceMember>, to: Group<DestinationMember>): number {
  const all = from.members.length * to.members.length;
  if (areApart(from, to)) return all;
  let same = 0;
  for (const { end } of from.members) if (to.who.has(end.who) && !hasReplicas(end)) same++;
  return all - same;
}

export function firstPair(from: Group<SourceMember>, to: Group<DestinationMember>): Pair | undefined {
  const source = from.members[0]!;
  if (areApart(from, to)) {
    const destination = to.members[0]!;
    return isFlow(source, destination) ? { source, destination } : undefined;
  }
  const destination = to.members.find((each) => isFlow(source, each));
  if (destination !== undefined) return { source, destination };
  const second = from.members[1];
  if (second === undefined || !isFlow(second, to.members[0]!)) return undefined;
  return { source: second, destination: to.members[0]! };
}

/** Two classes have no pod in common. */
function areApart(from: Group<SourceMember>, to: Group<DestinationMember>): boolean {
  return from.class !== undefined && to.class !== undefined && from.class !== to.class;
}

export function isEarlier(a: Pair, b: Pair): boolean {
  const sources = a.source.index - b.source.index;
  return sources < 0 || (sources === 0 && a.destination.index < b.destination.index);
}
