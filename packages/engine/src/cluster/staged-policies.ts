import type { NetworkPolicy } from "../model/network-policy.ts";
import { OrderedMap } from "./ordered-map.ts";
import { byDirection, type PodEntry, type PodPolicies, policiesOf } from "./pod-entry.ts";
import { PolicyEntry } from "./policy-entry.ts";
import { looseSelections } from "./selection.ts";

/**
 * Policies that are not in force, beside those that are. Nothing that is enforced depends on them: their selectors are
 * in no index, and are matched when somebody asks. That is dear for many pods and cheap for a flow.
 */
export class StagedPolicies {
  readonly #entries = new OrderedMap<PolicyEntry>();

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): NetworkPolicy | undefined {
    return this.#entries.get(key)?.policy;
  }

  set(key: string, policy: NetworkPolicy): void {
    this.#entries.set(key, new PolicyEntry(key, policy, looseSelections));
  }

  delete(key: string): boolean {
    return this.#entries.delete(key);
  }

  /** By `namespace/name`. */
  list(): readonly NetworkPolicy[] {
    return this.#entries.values().map(({ policy }) => policy);
  }

  /** The policies that would isolate the pod, were these in force too. */
  withEnforced(entry: PodEntry): PodPolicies {
    const enforced = policiesOf(entry);
    const staged = this.#entries.values().filter(({ subject }) => subject.matches(entry));
    if (staged.length === 0) return enforced;
    const all = new Set([...enforced.Ingress, ...enforced.Egress, ...staged]);
    return byDirection([...all].sort((a, b) => (a.key < b.key ? -1 : 1)));
  }
}
