import type { PolicyChain, Program } from "@portcullis/engine";

/** The policies that a program enforces, `namespace/name`, and how many local pods each selects. */
export function selectedPolicies({ pods, chains }: Program): ReadonlyMap<string, number> {
  const byId = new Map(chains.map((chain) => [chain.id, chain]));
  const selected = new Map<string, number>();
  // Pods of one workload have the same chains, and there are many more pods than pairs of chains.
  const pairs = new Map<string, { readonly chains: readonly PolicyChain[]; pods: number }>();
  for (const { ingress = "", egress = "" } of pods) {
    const id = `${ingress}\n${egress}`;
    const pair = pairs.get(id);
    if (pair !== undefined) pair.pods++;
    else pairs.set(id, { chains: [ingress, egress].flatMap((chain) => byId.get(chain) ?? []), pods: 1 });
  }
  for (const pair of pairs.values()) {
    for (const policy of new Set(pair.chains.flatMap(({ policies }) => policies)))
      selected.set(policy, (selected.get(policy) ?? 0) + pair.pods);
  }
  return selected;
}
