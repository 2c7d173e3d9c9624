import type { ClusterState } from "../cluster/cluster-state.ts";
import { isNetworked, type PodEntry, type PodPolicies, policiesOf } from "../cluster/pod-entry.ts";
import type { PolicyEntry, RuleEntry } from "../cluster/policy-entry.ts";
import { structurallyEqual } from "../cluster/structurally-equal.ts";
import type { Direction } from "../model/network-policy.ts";
import type { Pod } from "../model/objects.ts";
import type { Address } from "../net/address.ts";
import { AddressSets } from "./address-sets.ts";
import { EndpointSets } from "./endpoint-sets.ts";
import type { AddressSet, EndpointSet, LocalPod, PolicyChain, Program } from "./program.ts";
import { planRule, type RulePlan, ruleForPod, ruleText } from "./rule-plan.ts";
import { WeakCache } from "./weak-cache.ts";

/** The pods to enforce for: those of a node, or any others. */
export type LocalPods = { readonly node: string } | ((pod: Pod) => boolean);

/**
 * Compiles a cluster into Programs. It remembers what it made of every pod, policy and set, so a change costs what
 * depends on it, and what did not change is the same object in the next Program.
 */
export class ProgramCompiler {
  readonly #state: ClusterState;
  readonly #pods = new WeakMap<PodEntry, CompiledPod>();
  readonly #plans = new WeakMap<RuleEntry, RulePlan>();
  readonly #chains = new WeakCache<PolicyChain>();
  readonly #addressSets = new AddressSets();
  readonly #endpointSets: EndpointSets;

  constructor(state: ClusterState) {
    this.#state = state;
    this.#endpointSets = new EndpointSets(state);
  }

  /** Local pods on the host network or finished are left out: nothing is enforced for them. */
  compile(local: LocalPods): Program {
    const pods: LocalPod[] = [];
    const chains = new Map<string, CompiledChain>();
    for (const entry of this.#entriesOf(local)) {
      if (!isNetworked(entry.pod)) continue;
      const compiled = this.#compilePod(entry);
      pods.push(compiled.pod);
      for (const chain of [compiled.ingress, compiled.egress]) if (chain) chains.set(chain.chain.id, chain);
    }
    const addressSets = new Map<string, AddressSet>();
    const endpointSets = new Map<string, EndpointSet>();
    for (const { plans } of chains.values()) {
      for (const plan of plans) this.#collectSets(plan, addressSets, endpointSets);
    }
    return {
      pods,
      chains: sortedById([...chains.values()].map(({ chain }) => chain)),
      addressSets: sortedById([...addressSets.values()]),
      endpointSets: sortedById([...endpointSets.values()]),
    };
  }

  /** By key. */
  #entriesOf(local: LocalPods): readonly PodEntry[] {
    return typeof local === "function"
      ? this.#state.pods.values().filter(({ pod }) => local(pod))
      : this.#state.podsByNode.on(local.node);
  }

  #collectSets(
    plan: RulePlan,
    addressSets: Map<string, AddressSet>,
    endpointSets: Map<string, EndpointSet>,
  ): void {
    const id = plan.peers === "any" ? undefined : plan.peers.addressSet;
    if (id !== undefined && !addressSets.has(id)) {
      addressSets.set(id, this.#addressSets.get(id, plan.selections, this.#state.clock.now));
    }
    if (plan.endpoints !== undefined && !endpointSets.has(plan.endpoints)) {
      endpointSets.set(plan.endpoints, this.#endpointSets.get(plan.endpoints, plan));
    }
  }

  #compilePod(entry: PodEntry): CompiledPod {
    const policies = policiesOf(entry);
    const { nodeName } = entry.pod;
    const nodeAddresses = nodeName === undefined ? [] : this.#state.nodes.addressesOf(nodeName);
    const known = this.#pods.get(entry);
    if (
      known?.from === entry.pod &&
      known.policies === policies &&
      known.addresses === entry.addresses &&
      structurallyEqual(known.nodeAddresses, nodeAddresses)
    ) {
      return known;
    }
    const ingress = this.#compileChain("Ingress", policies.Ingress, entry);
    const egress = this.#compileChain("Egress", policies.Egress, entry);
    const pod: LocalPod = {
      key: entry.key,
      addresses: entry.addresses,
      ...(ingress && { ingress: ingress.chain.id }),
      ...(egress && { egress: egress.chain.id }),
      ...(nodeAddresses.length > 0 && { nodeAddresses }),
    };
    const compiled: CompiledPod = {
      from: entry.pod,
      policies,
      addresses: entry.addresses,
      nodeAddresses,
      pod: structurallyEqual(known?.pod, pod) ? known!.pod : pod,
      ingress,
      egress,
    };
    this.#pods.set(entry, compiled);
    return compiled;
  }

  #compileChain(
    direction: Direction,
    policies: readonly PolicyEntry[],
    entry: PodEntry,
  ): CompiledChain | undefined {
    if (policies.length === 0) return undefined;
    const plans = policies.flatMap((policy) =>
      policy.rules[direction].map((rule, index) => this.#plan(policy, direction, rule, index)),
    );
    const keys = policies.map(({ key }) => key);
    const rules = plans.map((plan) => ruleText(plan, direction, entry)).join("; ") || "nothing";
    const id = `${direction} ${keys.join(",")}: ${rules}`;
    let chain = this.#chains.get(id);
    if (chain === undefined) {
      chain = {
        id,
        direction,
        policies: keys,
        rules: plans.map((plan) => ruleForPod(plan, direction, entry)),
      };
      this.#chains.set(id, chain);
    }
    return { chain, plans };
  }

  #plan(policy: PolicyEntry, direction: Direction, rule: RuleEntry, index: number): RulePlan {
    let plan = this.#plans.get(rule);
    if (plan === undefined) {
      plan = planRule(policy, direction, index);
      this.#plans.set(rule, plan);
    }
    return plan;
  }
}

/** What was made of a pod, and what it was made from: it holds while those are the same. */
interface CompiledPod {
  readonly from: Pod;
  readonly policies: PodPolicies;
  readonly addresses: readonly Address[];
  readonly nodeAddresses: readonly Address[];
  readonly pod: LocalPod;
  readonly ingress: CompiledChain | undefined;
  readonly egress: CompiledChain | undefined;
}

/** A chain, and the plans of its rules as the policies stand now. */
interface CompiledChain {
  readonly chain: PolicyChain;
  readonly plans: readonly RulePlan[];
}

function sortedById<T extends { readonly id: string }>(items: T[]): readonly T[] {
  return items.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}
