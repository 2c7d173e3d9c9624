import {
  type Address,
  type Cidr,
  cidrFromAddress,
  cidrFromValue,
  judge,
  type Program,
  ProgramIndex,
} from "@portcullis/engine";
import { type Connection, type ConnectionRange, packetOf } from "./connection.ts";

/** Connections to be cut by one pattern, which matches nothing that the program allows. */
export interface Cut {
  readonly range: ConnectionRange;
  readonly connections: readonly Connection[];
}

type Interval = Pick<Cidr, "family" | "first" | "last">;

/**
 * What of `connections` must not go on, in as few patterns as can be told without touching what is allowed, now or in
 * the time until they are applied: a source range holds no address at all that may reach the port.
 * @param gone Addresses of pods that are no more: everything of theirs goes, because they may be another pod's next.
 */
export function planCut(
  program: Program,
  connections: readonly Connection[],
  gone: ReadonlySet<string>,
): readonly Cut[] {
  const index = new ProgramIndex(program);
  const groups = new Map<string, { readonly key: Key; readonly connections: Connection[] }>();
  const alone: Connection[] = [];
  for (const connection of connections) {
    const key = groupOf(index, connection, gone);
    if (key === undefined) continue;
    if (key === "alone") {
      alone.push(connection);
      continue;
    }
    const group = groups.get(key.text) ?? { key, connections: [] };
    groups.set(key.text, group);
    group.connections.push(connection);
  }
  return [
    ...[...groups.values()].flatMap((group) =>
      "range" in group.key
        ? [{ range: group.key.range, connections: group.connections }]
        : bySource(allowedSources(program, group.connections[0]!), group.connections),
    ),
    ...alone.map(exactly),
  ];
}

type Key = { readonly text: string; readonly range: ConnectionRange } | { readonly text: string };

/** Connections with one key can share a pattern; undefined for one that may stay. */
function groupOf(
  index: ProgramIndex,
  connection: Connection,
  gone: ReadonlySet<string>,
): Key | "alone" | undefined {
  const { source, destination, protocol, port } = connection;
  const { family } = source;
  if (gone.has(source.text)) {
    return { text: `from ${source.text}`, range: { family, source: cidrFromAddress(source) } };
  }
  if (gone.has(destination.text)) return { text: `to ${destination.text}`, range: { family, destination } };
  const { allowed, direction } = judge(index, packetOf(connection));
  if (allowed) return undefined;
  return direction === "Ingress" ? { text: `${protocol} ${destination.text} ${port}` } : "alone";
}

/** Every address that the destination's ingress side lets reach the port. */
function allowedSources(program: Program, connection: Connection): Interval[] {
  const { destination, protocol, port } = packetOf(connection);
  const pod = program.pods.find(({ addresses }) => addresses.some(({ text }) => text === destination.text));
  const chain = program.chains.find(({ id }) => id === pod?.ingress);
  const rules = (chain?.rules ?? []).filter(
    ({ ports }) =>
      ports === "any" ||
      ports.some((range) => range.protocol === protocol && range.from <= port && port <= range.to),
  );
  const members = new Map(program.addressSets.map(({ id, addresses }) => [id, addresses]));
  const peers = rules.flatMap(({ peers }): (Address | Cidr)[] =>
    peers === "any" ? [] : [...peers.cidrs, ...(members.get(peers.addressSet ?? "") ?? [])],
  );
  return [...(pod?.addresses ?? []), ...(pod?.nodeAddresses ?? []), ...peers].map((peer) =>
    "value" in peer ? { family: peer.family, first: peer.value, last: peer.value } : peer,
  );
}

/** Covers the sources with prefixes that hold no allowed one, each as wide as that leaves it. */
function bySource(allowed: readonly Interval[], connections: readonly Connection[]): readonly Cut[] {
  const [first] = connections;
  if (first === undefined) return [];
  const { protocol, destination, port } = first;
  const { family } = destination;
  const cuts: Cut[] = [];
  const cover = (cidr: Cidr, denied: readonly Connection[], taken: readonly Interval[]): void => {
    if (denied.length === 0) return;
    // Alone, it needs no range; and one that was judged denied is cut, whatever stands around it.
    if (denied.length === 1) cuts.push(exactly(denied[0]!));
    else if (taken.length === 0)
      cuts.push({ range: { family, protocol, source: cidr, destination, port }, connections: denied });
    else {
      for (const half of halves(cidr)) {
        const inside = ({ source }: Connection) => half.first <= source.value && source.value <= half.last;
        const overlaps = (other: Interval) => half.first <= other.last && other.first <= half.last;
        cover(half, denied.filter(inside), taken.filter(overlaps));
      }
    }
  };
  cover(
    cidrFromValue(family, 0n, 0),
    connections,
    allowed.filter((interval) => interval.family === family),
  );
  return cuts;
}

function halves({ family, first, last, prefix }: Cidr): readonly Cidr[] {
  return [cidrFromValue(family, first, prefix + 1), cidrFromValue(family, last, prefix + 1)];
}

function exactly(connection: Connection): Cut {
  const { source, destination, protocol, port } = connection;
  const range = { family: source.family, protocol, source: cidrFromAddress(source), destination, port };
  return { range, connections: [connection] };
}
