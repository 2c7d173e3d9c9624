import type { ClusterState } from "../cluster/cluster-state.ts";
import { portNumbers } from "../cluster/named-port-index.ts";
import { isNetworked, type PodEntry } from "../cluster/pod-entry.ts";
import { structurallyEqual } from "../cluster/structurally-equal.ts";
import type { Protocol } from "../model/protocol.ts";
import { type Address, compareAddresses } from "../net/address.ts";
import { cidrContains } from "../net/cidr.ts";
import type { EndpointSet } from "./program.ts";
import type { RulePlan } from "./rule-plan.ts";
import { WeakCache } from "./weak-cache.ts";

type NamedEndpoint = EndpointSet["endpoints"][number];

/** Makes the destinations of egress rules with port names, and gives the same object while its content is the same. */
export class EndpointSets {
  readonly #state: ClusterState;
  readonly #sets = new WeakCache<EndpointSet>();
  readonly #builtAt = new WeakMap<EndpointSet, number>();

  constructor(state: ClusterState) {
    this.#state = state;
  }

  /** Every pod that the rule's peers match and that has one of its port names: each address with each number. */
  get(id: string, plan: RulePlan): EndpointSet {
    const known = this.#sets.get(id);
    if (known !== undefined && this.#isCurrent(known, plan)) return known;
    const fresh = { id, endpoints: this.#endpoints(plan) };
    const set = structurallyEqual(known, fresh) ? known! : fresh;
    if (set !== known) this.#sets.set(id, set);
    this.#builtAt.set(set, this.#state.clock.now);
    return set;
  }

  #isCurrent(known: EndpointSet, { names, selections, peers }: RulePlan): boolean {
    const builtAt = this.#builtAt.get(known)!;
    if (selections.some(({ changedAt }) => changedAt > builtAt)) return false;
    // A change of a member shows in its selections; whoever else has the name matters only where addresses are matched.
    return (
      bySelectorOnly(peers) ||
      names.every(({ protocol, name }) => this.#state.namedPorts.changedAt(protocol, name) <= builtAt)
    );
  }

  #endpoints(plan: RulePlan): readonly NamedEndpoint[] {
    const found = new Map<string, NamedEndpoint>();
    for (const { protocol, name } of plan.names) {
      for (const entry of this.#candidates(plan, protocol, name)) {
        if (!isNetworked(entry.pod)) continue;
        const addresses = matchingAddresses(plan, entry);
        for (const port of addresses.length > 0 ? portNumbers(entry.pod, protocol, name) : []) {
          for (const address of addresses) {
            found.set(`${address.text} ${protocol} ${port}`, { address, protocol, port });
          }
        }
      }
    }
    return [...found.values()].sort(compareEndpoints);
  }

  /** The pods that may be destinations: the members where selectors alone decide, else all that have the name. */
  #candidates({ peers, selections }: RulePlan, protocol: Protocol, name: string): Iterable<PodEntry> {
    if (!bySelectorOnly(peers)) return this.#state.namedPorts.podsWith(protocol, name);
    return selections.length === 1
      ? selections[0]!.members
      : new Set(selections.flatMap(({ members }) => [...members]));
  }
}

const bySelectorOnly = (peers: RulePlan["peers"]): boolean => peers !== "any" && peers.cidrs.length === 0;

/** By selector all of a pod's addresses match; by ipBlock those that lie in it. */
function matchingAddresses({ peers, selections }: RulePlan, entry: PodEntry): readonly Address[] {
  if (peers === "any" || selections.some(({ members }) => members.has(entry))) return entry.addresses;
  return entry.addresses.filter((address) => peers.cidrs.some((cidr) => cidrContains(cidr, address)));
}

function compareEndpoints(a: NamedEndpoint, b: NamedEndpoint): number {
  return (
    compareAddresses(a.address, b.address) ||
    (a.protocol < b.protocol ? -1 : a.protocol > b.protocol ? 1 : 0) ||
    a.port - b.port
  );
}
