import type { Direction, IPBlockPeer, NetworkPolicy, Peer, PolicyRule } from "../model/network-policy.ts";
import { compileSelector } from "../selector/selector.ts";
import type { Selection, Selections } from "./selection.ts";

/** A policy with its selectors resolved to shared selections. Made anew when the policy changes. */
export class PolicyEntry {
  /** `namespace/name`. */
  readonly key: string;
  readonly policy: NetworkPolicy;
  /** The pods that the policy isolates. */
  readonly subject: Selection;
  /** By direction; empty for a direction that is not in policyTypes, whatever the policy lists there. */
  readonly rules: Readonly<Record<Direction, readonly RuleEntry[]>>;

  constructor(key: string, policy: NetworkPolicy, selections: Selections) {
    this.key = key;
    this.policy = policy;
    this.subject = selections.acquire({ namespace: policy.namespace }, compileSelector(policy.podSelector));
    const compile = (direction: Direction, rules: readonly PolicyRule[]): readonly RuleEntry[] =>
      policy.policyTypes.includes(direction)
        ? rules.map((rule) => ({
            rule,
            peers: rule.peers.map((peer) => enterPeer(peer, policy, selections)),
          }))
        : [];
    this.rules = {
      Ingress: compile("Ingress", policy.ingress),
      Egress: compile("Egress", policy.egress),
    };
  }

  /** Isolates the members of the subject, from now on. */
  attach(): void {
    this.subject.policies.add(this);
    this.#forgetMemos();
  }

  /** Undoes `attach` and lets go of every selection. */
  detach(selections: Selections): void {
    this.subject.policies.delete(this);
    this.#forgetMemos();
    for (const { peers } of [...this.rules.Ingress, ...this.rules.Egress]) {
      for (const peer of peers)
        if (peer.kind === "pods" && peer.selection) selections.release(peer.selection);
    }
    selections.release(this.subject);
  }

  #forgetMemos(): void {
    for (const entry of this.subject.members) entry.policies = undefined;
  }
}

export interface RuleEntry {
  readonly rule: PolicyRule;
  /** In the order of the rule's own `peers`. */
  readonly peers: readonly PeerEntry[];
}

export type PeerEntry =
  /** `selection` is absent for a peer without any selector, which the API refuses and which matches nothing. */
  { readonly kind: "pods"; readonly selection: Selection | undefined } | IPBlockPeer;

function enterPeer(peer: Peer, policy: NetworkPolicy, selections: Selections): PeerEntry {
  if (peer.kind === "ipBlock") return peer;
  const { namespaceSelector, podSelector } = peer;
  if (namespaceSelector === undefined && podSelector === undefined)
    return { kind: "pods", selection: undefined };
  const pods = compileSelector(podSelector ?? { matchLabels: {}, matchExpressions: [] });
  const scope =
    namespaceSelector === undefined
      ? { namespace: policy.namespace }
      : { namespaces: compileSelector(namespaceSelector) };
  return { kind: "pods", selection: selections.acquire(scope, pods) };
}
