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
  /** Policies select pods of their own namespace only. */
  readonly #byNamespace = new Map<string, Set<PolicyEntry>>();

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): NetworkPolicy | undefined {
    return this.#entries.get(key)?.policy;
  }

  set(key: string, policy: NetworkPolicy): void {
    this.delete(key);
    const entry = new PolicyEntry(key, policy, looseSelections);
    this.#entries.set(key, entry);
    const here = this.#byNamespace.get(policy.namespace);
    if (here === undefined) this.#byNamespace.set(policy.namespace, new Set([entry]));
    else here.add(entry);
  }

  delete(key: string): boolean {
    const entry = this.#entries.get(key);
    if (entry === undefined) return false;
    const { namespace } = entry.policy;
    const here = this.#byNamespace.get(namespace)!;
    here.delete(entry);
    if (here.size === 0) this.#byNamespace.delete(namespace);
    return this.#entries.delete(key);
  }

  /** By `namespace/name`. */
  list(): readonly NetworkPolicy[] {
    return this.#entries.values().map(({ policy }) => policy);
  }

  /** The policies that would isolate the pod, were these in force too. */
  withEnforced(entry: PodEntry): PodPolicies {
    const enforced = policiesOf(entry);
    const here = this.#byNamespace.get(entry.namespace.name);
    const staged = here === undefined ? [] : [...here].filter(({ subject }) => subject.matches(entry));
    if (staged.length === 0) return enforced;
    const all = new Set([...enforced.Ingress, ...enforced.Egress, ...staged]);
    return byDirection([...all].sort((a, b) => (a.key < b.key ? -1 : 1)));
  }
}
