import type { PortSet } from "../../net/port-set.ts";
import type { ConnectionList } from "../../reach/connection-list.ts";
import type { ConnectionGroup } from "../../reach/connections.ts";
import { isAlone, type ListedPeer } from "../../reach/listed-peer.ts";
import { listedPeerText } from "../listed-peer-text.ts";
import { outsideText } from "../text/addresses-text.ts";

/** A connection, or several: a side may be a word that stands for many peers. */
export interface ConnectionLine {
  readonly source: ListedPeer | Everyone;
  readonly destination: ListedPeer;
  readonly ports: PortSet;
}

/**
 * `anyone`: every peer of the list and the whole outside; `every workload` and `every pod`: every peer of the list. The
 * destination itself is among them only if it has several pods.
 */
export type Everyone = "anyone" | "every workload" | "every pod";

/** The connections of a list, in its order; with `brief`, of those that everyone has one line in place of many. */
export function* connectionLines(list: ConnectionList, brief: boolean): Iterable<ConnectionLine> {
  const joinable = brief && !list.partial;
  const toOutside: ConnectionGroup[] = [];
  for (const group of list.groups()) {
    if (group.destination.kind === "outside" && joinable) toOutside.push(group);
    else yield* linesOf(group, joinable ? everyoneIn(group, list) : undefined);
  }
  yield* outward(toOutside, list);
}

/** The line that stands for the first `count` sources, and for the outside when that is in it. */
interface Joined {
  readonly line: ConnectionLine;
  readonly sources: ReadonlySet<ListedPeer>;
}

function* linesOf(group: ConnectionGroup, joined: Joined | undefined): Iterable<ConnectionLine> {
  if (joined !== undefined) yield joined.line;
  for (const [at, source] of group.sources.entries()) {
    if (joined?.sources.has(source)) continue;
    yield { source, destination: group.destination, ports: group.ports[at]! };
  }
}

function everyoneIn(
  { destination, sources, ports }: ConnectionGroup,
  list: ConnectionList,
): Joined | undefined {
  if (destination.kind === "outside") return undefined;
  const others = list.peers.length - (isAlone(destination) ? 1 : 0);
  const [same] = ports;
  if (others < 2 || same === undefined || sources.length < others) return undefined;
  // Pods come before addresses, and there are no more than `others` of them.
  for (let at = 0; at < others; at++) {
    if (sources[at]!.kind !== "pods" || ports[at] !== same) return undefined;
  }
  const outside = sources.findIndex(
    (source, at) => ports[at] === same && source.kind === "outside" && listedPeerText(source) === outsideText,
  );
  const joined = new Set(sources.slice(0, others));
  if (outside >= 0) joined.add(sources[outside]!);
  const source = outside >= 0 ? "anyone" : everyPeer(list);
  return { line: { source, destination, ports: same }, sources: joined };
}

/** What every peer may reach of the outside is told once. */
function* outward(groups: readonly ConnectionGroup[], list: ConnectionList): Iterable<ConnectionLine> {
  const counts = new Map<ListedPeer, Map<PortSet, number>>();
  for (const { destination, ports } of groups) {
    const own = counts.get(destination) ?? new Map<PortSet, number>();
    counts.set(destination, own.set(ports[0]!, (own.get(ports[0]!) ?? 0) + 1));
  }
  const isJoined = (destination: ListedPeer, ports: PortSet) =>
    list.peers.length > 1 && counts.get(destination)!.get(ports) === list.peers.length;
  for (const [destination, byPorts] of counts) {
    for (const ports of byPorts.keys()) {
      if (isJoined(destination, ports)) yield { source: everyPeer(list), destination, ports };
    }
  }
  for (const group of groups) {
    if (!isJoined(group.destination, group.ports[0]!)) yield* linesOf(group, undefined);
  }
}

const everyPeer = ({ byPod }: ConnectionList): Everyone => (byPod ? "every pod" : "every workload");
