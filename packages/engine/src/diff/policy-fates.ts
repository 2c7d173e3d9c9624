import type { Cluster } from "../cluster/cluster.ts";
import type { NetworkPolicy } from "../model/network-policy.ts";
import type { Cause } from "./cause.ts";

/** What became of policies between two states of a cluster. */
export class PolicyFates {
  readonly #before: Cluster;
  readonly #after: Cluster;
  readonly #memo = new Map<NetworkPolicy, Cause["fate"]>();

  constructor(before: Cluster, after: Cluster) {
    this.#before = before;
    this.#after = after;
  }

  /** Of a policy of either state. */
  of(policy: NetworkPolicy): Cause["fate"] {
    let fate = this.#memo.get(policy);
    if (fate === undefined) {
      const find = (cluster: Cluster) => cluster.get("NetworkPolicy", policy.namespace, policy.name);
      const [was, is] = [find(this.#before), find(this.#after)];
      if (was === undefined) fate = "added";
      else if (is === undefined) fate = "removed";
      else fate = policyMeaning(was) === policyMeaning(is) ? "unchanged" : "changed";
      this.#memo.set(policy, fate);
    }
    return fate;
  }
}

/** A policy's content without the places that it was read from: equal texts, equal policies. */
function policyMeaning(policy: NetworkPolicy): string {
  return JSON.stringify(policy, (key, value) => {
    if (key === "range") return undefined;
    return typeof value === "bigint" ? String(value) : value;
  });
}
