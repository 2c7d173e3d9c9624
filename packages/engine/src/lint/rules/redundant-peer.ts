import type { PeerEntry } from "../../cluster/policy-entry.ts";
import { peerWithin } from "../../cover/peer-cover.ts";
import { removeItem } from "../fix/remove-item.ts";
import type { LintRule } from "../lint-rule.ts";
import { redundancy } from "../redundancy.ts";
import { walkRules } from "../walk.ts";

export const redundantPeer: LintRule = {
  code: "redundant-peer",
  severity: "warning",
  title: "another peer of the same rule matches everything that this peer does",
  help: "Whatever pods there are, the rule means the same without the peer.",
  *check(context) {
    const { rules } = context.once(redundancy);
    for (const { entry, policy, direction, index, rule, peers, peersPath } of walkRules(context)) {
      if (context.isOn("redundant-rule") && rules.has(entry.rules[direction][index]!)) continue;
      const kept = new Set<PeerEntry>(peers);
      for (const [place, peer] of [...peers.entries()].reverse()) {
        const by = peers.findIndex((other) => other !== peer && kept.has(other) && peerWithin(peer, other));
        if (by < 0) continue;
        kept.delete(peer);
        const at = context.at(policy, [...peersPath, place]);
        const text = at.range && context.source.editable(at.range.file);
        const edit = at.range && text !== undefined ? removeItem(text, at.range) : undefined;
        const { range } = rule.peers[by]!;
        yield {
          ...at,
          message: `${peersPath.at(-1)}[${by}] matches everything that this peer does.`,
          related: range && [{ message: "matches it already", range }],
          fix: edit && { title: "remove the peer", safe: true, edits: [edit] },
        };
      }
    }
  },
};
