import type { FlowProtocol } from "@portcullis/engine";
import { type Element, type Nft, protocolVocabulary } from "@portcullis/nft";
import { flowProtocol } from "./flow-protocol.ts";
import { flowSets, type Tally } from "./flow-sets.ts";
import { table } from "./names.ts";

/** A flow as connection tracking and policies see it: the source before any SNAT, the destination after any DNAT. */
export interface CountedFlow {
  readonly source: string;
  readonly destination: string;
  /** A FlowProtocol, or a protocol number as text. */
  readonly protocol: FlowProtocol | string;
  /** Destination port; 0 for protocols without ports. */
  readonly port: number;
  readonly packets: number;
}

/** With what the kernel knows of it. */
export interface FlowCount extends CountedFlow {
  readonly tally: Tally;
  /** Seconds until the kernel forgets the flow, unless it is met again. */
  readonly expires: number;
}

export interface FlowCounts {
  /** Sorted by flow. */
  readonly counts: readonly FlowCount[];
  /** A set has no room: packets of further flows go uncounted until others are forgotten. */
  readonly full: boolean;
}

/** What the kernel has counted, for each tally. */
export async function readFlowCounts(nft: Nft, tallies: readonly Tally[]): Promise<FlowCounts> {
  const sets = new Map(tallies.flatMap((tally) => flowSets(tally).map(({ name }) => [name, tally] as const)));
  const found = await nft.listElements(
    table,
    [...sets.keys()].map((name) => ({ name })),
  );
  const counts = [...found].flatMap(([name, { elements }]) =>
    Array.from(elements.values(), (element) => flowCount(sets.get(name)!, element)),
  );
  const full = [...found.values()].some(
    (set) => "size" in set && set.size !== undefined && set.elements.size >= set.size,
  );
  return { counts: counts.sort(byFlow), full };
}

function flowCount(tally: Tally, { key, counter, expires }: Element): FlowCount {
  const [source = "", destination = "", protocol = "", port = "0"] = key;
  return {
    tally,
    source,
    destination,
    protocol: protocolName(protocol),
    port: Number(port),
    packets: counter?.packets ?? 0,
    expires: expires ?? Number.POSITIVE_INFINITY,
  };
}

function protocolName(name: string): string {
  return flowProtocol(name) ?? `${protocolVocabulary.number(name) ?? name}`;
}

/** What tells one flow from another, whatever it is counted for. */
export function flowText({ source, destination, protocol, port }: CountedFlow): string {
  return `${source} ${destination} ${protocol} ${port}`;
}

function byFlow(a: FlowCount, b: FlowCount): number {
  return (
    compare(a.tally, b.tally) ||
    compare(a.source, b.source) ||
    compare(a.destination, b.destination) ||
    compare(a.protocol, b.protocol) ||
    a.port - b.port
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
