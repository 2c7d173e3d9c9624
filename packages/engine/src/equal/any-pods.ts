import { Cluster } from "../cluster/cluster.ts";
import type { NetworkPolicy } from "../model/network-policy.ts";
import { type AddressRange, addressRanges } from "../reach/outside.ts";
import { concreteFlow } from "./concrete-flow.ts";
import { excessFlows } from "./excess-flows.ts";
import type { FlowDifference } from "./flow-difference.ts";
import type { FlowSpace } from "./flow-space.ts";
import { grantsOf } from "./grants.ts";
import { Budget, BudgetExceeded } from "./solve.ts";

/** Whether something holds for any pods at all. */
export type AnyPodsAnswer =
  | { readonly holds: true }
  | { readonly holds: false; readonly example: FlowDifference }
  /** The search was given up after `steps`. */
  | { readonly holds: "unknown"; readonly steps: number };

/** How many conjunctions of atoms a search may look at (some tens of seconds). */
const defaultLimit = 20_000_000;

/**
 * Whether everything that `b` allows is allowed by `a` too, for any two pods with any labels in any two namespaces (or one),
 * any addresses outside, any port names, ports and protocols. Pods run: each has an address. Exact; a counter-example is
 * judged by the evaluator. `onStep` is called now and then with how many conjunctions were looked at.
 */
export function containsForAnyPods(
  a: readonly NetworkPolicy[],
  b: readonly NetworkPolicy[],
  limit: number = defaultLimit,
  onStep?: (steps: number) => void,
): AnyPodsAnswer {
  return search(a, b, new Budget(limit, onStep), false);
}

/** Whether both allow the same, in the sense of `containsForAnyPods`. */
export function equalForAnyPods(
  a: readonly NetworkPolicy[],
  b: readonly NetworkPolicy[],
  limit: number = defaultLimit,
  onStep?: (steps: number) => void,
): AnyPodsAnswer {
  return search(a, b, new Budget(limit, onStep), true);
}

function search(
  a: readonly NetworkPolicy[],
  b: readonly NetworkPolicy[],
  budget: Budget,
  bothWays: boolean,
): AnyPodsAnswer {
  const ranges = addressRanges([clusterOf(a), clusterOf(b)]);
  const all = new Set(ranges.keys());
  const isSingle = (index: number) => ranges[index]!.first.value === ranges[index]!.last.value;
  const [first, second] = [grantsOf(a, ranges), grantsOf(b, ranges)];
  try {
    const found =
      excessFlows(second, first, all, isSingle, budget) ??
      (bothWays ? excessFlows(first, second, all, isSingle, budget) : undefined);
    return found === undefined ? { holds: true } : { holds: false, example: example(found, ranges, a, b) };
  } catch (error) {
    if (error instanceof BudgetExceeded) return { holds: "unknown", steps: budget.spent };
    throw error;
  }
}

function example(
  space: FlowSpace,
  ranges: readonly AddressRange[],
  a: readonly NetworkPolicy[],
  b: readonly NetworkPolicy[],
): FlowDifference {
  const { flow, namespaces } = concreteFlow(space, ranges);
  const judge = (policies: readonly NetworkPolicy[]) => {
    const cluster = clusterOf(policies);
    for (const namespace of namespaces) cluster.upsert(namespace);
    for (const { pod } of [flow.source, flow.destination]) if (pod !== undefined) cluster.upsert(pod);
    return cluster.evaluate(flow);
  };
  const [byA, byB] = [judge(a), judge(b)];
  if (byA.allowed === byB.allowed)
    throw new Error("the search found a flow that the evaluator judges alike by both sets");
  return { flow: byB.flow, namespaces, a: byA, b: byB };
}

function clusterOf(policies: readonly NetworkPolicy[]): Cluster {
  const cluster = new Cluster();
  for (const policy of policies) cluster.upsert(policy);
  return cluster;
}
