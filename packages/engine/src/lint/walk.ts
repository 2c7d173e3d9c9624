import type { PeerEntry, PolicyEntry } from "../cluster/policy-entry.ts";
import type { Path } from "../manifest/field-error.ts";
import type { Direction, NetworkPolicy, Peer, PolicyPort, PolicyRule } from "../model/network-policy.ts";
import type { LintContext } from "./lint-context.ts";

export const directions: readonly Direction[] = ["Ingress", "Egress"];

/** A rule of a policy that counts: its direction is in policyTypes. */
export interface WalkedRule {
  readonly entry: PolicyEntry;
  readonly policy: NetworkPolicy;
  readonly direction: Direction;
  readonly index: number;
  readonly rule: PolicyRule;
  /** In the order of `rule.peers`. */
  readonly peers: readonly PeerEntry[];
  readonly path: Path;
  /** Path of the list of peers. */
  readonly peersPath: Path;
}

export interface WalkedPeer extends WalkedRule {
  readonly peer: Peer;
  readonly peerEntry: PeerEntry;
  readonly peerPath: Path;
}

export interface WalkedPort extends WalkedRule {
  readonly port: PolicyPort;
  readonly portPath: Path;
}

export function* walkPolicy(entry: PolicyEntry): Iterable<WalkedRule> {
  const { policy } = entry;
  for (const direction of directions) {
    const [list, side] =
      direction === "Ingress" ? (["ingress", "from"] as const) : (["egress", "to"] as const);
    for (const [index, { rule, peers }] of entry.rules[direction].entries()) {
      const path = ["spec", list, index];
      yield { entry, policy, direction, index, rule, peers, path, peersPath: [...path, side] };
    }
  }
}

/** By policy, then direction, then index. */
export function* walkRules({ policies }: LintContext): Iterable<WalkedRule> {
  for (const entry of policies) yield* walkPolicy(entry);
}

export function* walkPeers(context: LintContext): Iterable<WalkedPeer> {
  for (const rule of walkRules(context)) {
    for (const [index, peer] of rule.rule.peers.entries())
      yield { ...rule, peer, peerEntry: rule.peers[index]!, peerPath: [...rule.peersPath, index] };
  }
}

export function* walkPorts(context: LintContext): Iterable<WalkedPort> {
  for (const rule of walkRules(context)) {
    for (const [index, port] of rule.rule.ports.entries())
      yield { ...rule, port, portPath: [...rule.path, "ports", index] };
  }
}
