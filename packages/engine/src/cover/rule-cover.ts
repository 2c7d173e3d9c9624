import type { RuleEntry } from "../cluster/policy-entry.ts";
import { peerWithin } from "./peer-cover.ts";
import { joinCovers, noPorts, portCover, portsWithin } from "./port-cover.ts";

/**
 * Whether the others together allow all that a rule does, whatever pods there are. Sound, and exact but for peers that
 * only several others cover together. Gives those that it took, or undefined.
 */
export function coveredBy(rule: RuleEntry, others: readonly RuleEntry[]): readonly RuleEntry[] | undefined {
  const wanted = portCover(rule.rule.ports);
  const used = new Set<RuleEntry>();
  const peers = rule.peers.length === 0 ? [undefined] : rule.peers;
  for (const peer of peers) {
    const matching = others.filter(
      (other) =>
        other.peers.length === 0 ||
        (peer !== undefined && other.peers.some((outer) => peerWithin(peer, outer))),
    );
    const alone = matching.find((other) => portsWithin(wanted, portCover(other.rule.ports)));
    const needed = alone === undefined ? matching : [alone];
    const cover = needed.map((other) => portCover(other.rule.ports)).reduce(joinCovers, noPorts);
    if (!portsWithin(wanted, cover)) return undefined;
    for (const other of needed) used.add(other);
  }
  return [...used];
}
