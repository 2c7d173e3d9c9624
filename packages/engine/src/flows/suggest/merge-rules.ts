import { groupBy } from "../../group-by.ts";
import type { FlowCount } from "../replay.ts";
import { type Need, type NeededPeer, type NeededPort, peerKey } from "./needs.ts";

/** Every peer may use every port; and each pair of them was recorded. */
export interface MergedRule extends FlowCount {
  readonly peers: readonly (FlowCount & { readonly peer: NeededPeer })[];
  /** Empty for every port. */
  readonly ports: readonly (FlowCount & { readonly port: NeededPort })[];
}

/**
 * The needs as few rules as possible that allow nothing else: peers with the same ports share a rule, or ports with the
 * same peers do, whichever makes fewer. Each need is in one rule only, so nothing can be taken away from any.
 */
export function mergeRules(needs: readonly Need[]): readonly MergedRule[] {
  const necessary = withoutNeedless(needs);
  const byPeer = partition(
    necessary,
    ({ peer }) => peerKey(peer),
    ({ port }) => portKey(port),
  );
  const byPort = partition(
    necessary,
    ({ port }) => portKey(port),
    ({ peer }) => peerKey(peer),
  );
  return (byPort.length < byPeer.length ? byPort : byPeer).map(ruleOf);
}

/** A peer that needs every port needs no other. */
function withoutNeedless(needs: readonly Need[]): readonly Need[] {
  return [...groupBy(needs, ({ peer }) => peerKey(peer)).values()].flatMap((ofPeer) => {
    const open = ofPeer.find(({ port }) => port.protocol === "any");
    return open === undefined ? ofPeer : [{ ...open, ...sum(ofPeer) }];
  });
}

/** Needs by what `part` says of them, where parts with the same set of `other` are one. In order of the needs. */
function partition(
  needs: readonly Need[],
  part: (need: Need) => string,
  other: (need: Need) => string,
): readonly (readonly Need[])[] {
  const parts = groupBy(needs, part);
  const alike = groupBy(parts.values(), (each) => [...new Set(each.map(other))].sort().join("\n"));
  return [...alike.values()].map((group) => group.flat());
}

function ruleOf(needs: readonly Need[]): MergedRule {
  const peers = groupBy(needs, ({ peer }) => peerKey(peer));
  const ports = groupBy(
    needs.filter(({ port }) => port.protocol !== "any"),
    ({ port }) => portKey(port),
  );
  return {
    peers: sorted(peers).map((each) => ({ peer: each[0]!.peer, ...sum(each) })),
    ports: sorted(ports).map((each) => ({ port: each[0]!.port, ...sum(each) })),
    ...sum(needs),
  };
}

function sorted(groups: ReadonlyMap<string, readonly Need[]>): readonly (readonly Need[])[] {
  return [...groups.keys()].sort().map((key) => groups.get(key)!);
}

export function sum(counts: readonly FlowCount[]): FlowCount {
  return {
    flows: counts.reduce((total, { flows }) => total + flows, 0),
    connections: counts.reduce((total, { connections }) => total + connections, 0),
  };
}

/** Sorts TCP before UDP, and by number. */
const portKey = ({ protocol, port }: NeededPort): string => `${protocol} ${String(port).padStart(5, "0")}`;
