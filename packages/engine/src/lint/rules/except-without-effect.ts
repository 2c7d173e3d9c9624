import { blockPrefixes } from "../../cover/peer-cover.ts";
import { portCover, portsWithin } from "../../cover/port-cover.ts";
import type { IPBlockPeer, PolicyRule } from "../../model/network-policy.ts";
import { type Cidr, cidrWithin } from "../../net/cidr.ts";
import type { LintRule } from "../lint-rule.ts";
import { walkPeers } from "../walk.ts";

export const exceptWithoutEffect: LintRule = {
  code: "except-without-effect",
  severity: "warning",
  title: "an exception takes nothing away",
  help: "An exception belongs to its own ipBlock: another exception may include it already, and another peer or rule may allow the addresses again.",
  *check(context) {
    for (const { entry, policy, direction, peer, peerPath, rule } of walkPeers(context)) {
      if (peer.kind !== "ipBlock") continue;
      for (const [index, hole] of peer.except.entries()) {
        const why = reason(
          hole,
          index,
          peer,
          rule,
          entry.policy[direction === "Ingress" ? "ingress" : "egress"],
        );
        if (why === undefined) continue;
        const path = [...peerPath, "ipBlock", "except", index];
        yield {
          ...context.at(policy, path),
          message: `The exception ${hole.text} takes nothing away: ${why}.`,
        };
      }
    }
  },
};

function reason(
  hole: Cidr,
  index: number,
  peer: IPBlockPeer,
  rule: PolicyRule,
  rules: readonly PolicyRule[],
): string | undefined {
  const wider = peer.except.find(
    (other, at) => at !== index && cidrWithin(hole, other) && (other.text !== hole.text || at < index),
  );
  if (wider !== undefined) return `the exception ${wider.text} includes it`;
  const ports = portCover(rule.ports);
  for (const other of rules) {
    if (!portsWithin(ports, portCover(other.ports))) continue;
    if (other !== rule && other.peers.length === 0) return "another rule of the policy allows every address";
    for (const each of other.peers) {
      if (each === peer || each.kind !== "ipBlock") continue;
      if (blockPrefixes(each).some((prefix) => cidrWithin(hole, prefix)))
        return `the ipBlock ${each.cidr.text} of the policy allows it again`;
    }
  }
  return undefined;
}
