import type { Table } from "@portcullis/nft";
import type { RuleRef } from "./policy-chain.ts";

/** New connections that a policy's rule let in or out since its chain was written. */
export interface RuleCounter extends RuleRef {
  readonly packets: number;
  readonly bytes: number;
}

/**
 * Adds up the kernel's counters by policy rule: one rule of a policy is several in the kernel (by port and address
 * family), and stands in the chain of every combination of policies that pods have.
 */
export function ruleCounters(
  actual: Table,
  refs: ReadonlyMap<string, readonly (RuleRef | undefined)[]>,
): readonly RuleCounter[] {
  const totals = new Map<string, RuleCounter>();
  for (const [name, refsOfChain] of refs) {
    const rules = actual.chains.get(name)?.rules ?? [];
    for (const [position, ref] of refsOfChain.entries()) {
      if (ref === undefined) continue;
      const counted = rules[position]?.statements.find((statement) => statement.kind === "counter");
      const { packets, bytes } = counted?.value ?? { packets: 0, bytes: 0 };
      const key = `${ref.policy} ${ref.direction} ${ref.index}`;
      const before = totals.get(key) ?? { ...ref, packets: 0, bytes: 0 };
      totals.set(key, { ...ref, packets: before.packets + packets, bytes: before.bytes + bytes });
    }
  }
  return [...totals.values()].sort(byRule);
}

function byRule(a: RuleCounter, b: RuleCounter): number {
  if (a.policy !== b.policy) return a.policy < b.policy ? -1 : 1;
  if (a.direction !== b.direction) return a.direction < b.direction ? -1 : 1;
  return a.index - b.index;
}
