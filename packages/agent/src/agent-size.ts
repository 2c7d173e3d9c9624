import type { Program } from "@portcullis/engine";
import type { ProgramSize } from "./agent-event.ts";

/** How much a program asks of the kernel. */
export function sizeOf({ pods, chains, addressSets, endpointSets }: Program): ProgramSize {
  const policies = new Set<string>();
  let rules = 0;
  for (const chain of chains) {
    for (const policy of chain.policies) policies.add(policy);
    rules += chain.rules.length;
  }
  let setElements = 0;
  for (const { addresses } of addressSets) setElements += addresses.length;
  for (const { endpoints } of endpointSets) setElements += endpoints.length;
  return {
    localPods: pods.length,
    policies: policies.size,
    chains: chains.length,
    rules,
    sets: addressSets.length + endpointSets.length,
    setElements,
  };
}
