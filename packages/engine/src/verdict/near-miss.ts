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
  const misses = tried.map((attempt) => weigh(direction, attempt, question));
  misses.sort((a, b) => rank[a.matched] - rank[b.matched] || a.distance - b.distance);
  return misses.slice(0, MOST).map((miss) => describe(direction, miss, question));
}

interface WeighedMiss {
  readonly attempt: TriedRule;
  readonly matched: NearMiss["matched"];
  /** The closest peer, when none matched. */
  readonly closest?: PeerMiss & { readonly index: number };
  readonly distance: number;
}

function weigh(direction: Direction, attempt: TriedRule, question: Question): WeighedMiss {
  const { policy, rule, peer, port } = attempt;
  if (peer !== NONE) return { attempt, matched: "peer", distance: 0 };
  const other = direction === "Ingress" ? question.source : question.destination;
  const closest = policy.rules[direction]
    [rule]!.peers.map((entry, index) => ({
      index,
      ...missedPeer(entry, other),
    }))
    .reduce((best, next) => (next.distance < best.distance ? next : best));
  return { attempt, matched: port === NONE ? "none" : "port", closest, distance: closest.distance };
}

function describe(
  direction: Direction,
  { attempt: { policy, rule, peer, port }, matched, closest }: WeighedMiss,
  question: Question,
): NearMiss {
  const { ports } = policy.rules[direction][rule]!.rule;
  const only = port === NONE ? missedPorts(ports, question) : undefined;
  const index = closest?.index ?? (peer === ANY ? undefined : peer);
  return {
    policy: policy.policy,
    direction,
    rule,
    matched,
    ...(index !== undefined && { peerIndex: index }),
    because:
      closest === undefined
        ? `${peer === ANY ? "takes any peer" : "matches the peer"} but ${only}`
        : [closest.because(), ...(only === undefined ? [] : [`and ${only}`])].join("; "),
  };
}
