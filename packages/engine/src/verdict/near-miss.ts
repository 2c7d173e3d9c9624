import type { Direction } from "../model/network-policy.ts";
import { missedPeer, missedPorts, type PeerMiss } from "./because.ts";
import { ANY, NONE, type Question } from "./evaluate.ts";
import type { TriedRule } from "./explain.ts";
import type { NearMiss } from "./verdict.ts";

const MOST = 3;
const rank = { peer: 0, port: 1, none: 2 } as const;

/**
 * The tried rules that came closest, best first, at most three: those whose peer matched and only the port did not,
 * then those whose port matched and the peer did not, then the rest. Among equals, the fewer facts stand in the way,
 * the nearer; then the order of policies and rules.
 */
export function nearestMisses(
  direction: Direction,
  tried: readonly TriedRule[],
  question: Question,
): readonly NearMiss[] {
  const misses = tried.map((attempt) => describe(direction, attempt, question));
  misses.sort((a, b) => rank[a.miss.matched] - rank[b.miss.matched] || a.distance - b.distance);
  return misses.slice(0, MOST).map(({ miss }) => miss);
}

function describe(
  direction: Direction,
  { policy, rule, peer, port }: TriedRule,
  question: Question,
): { readonly miss: NearMiss; readonly distance: number } {
  const where = { policy: policy.policy, direction, rule };
  const { rule: text, peers } = policy.rules[direction][rule]!;
  const ports = port === NONE ? missedPorts(text.ports, question) : undefined;
  if (peer !== NONE) {
    const because = `${peer === ANY ? "takes any peer" : "matches the peer"} but ${ports}`;
    return {
      miss: { ...where, matched: "peer", ...(peer >= 0 && { peerIndex: peer }), because },
      distance: 0,
    };
  }
  const other = direction === "Ingress" ? question.source : question.destination;
  const closest = peers
    .map((entry, index): PeerMiss & { index: number } => ({
      index,
      ...missedPeer(entry, other),
    }))
    .reduce((best, next) => (next.distance < best.distance ? next : best));
  const because = ports === undefined ? closest.because : `${closest.because}; and ${ports}`;
  return {
    miss: { ...where, matched: ports === undefined ? "port" : "none", peerIndex: closest.index, because },
    distance: closest.distance,
  };
}
