import { isObject } from "../manifest/decode.ts";
import type { NetworkPolicy } from "../model/network-policy.ts";
import type { LintContext } from "./lint-context.ts";

/** Policies that were written without a namespace, while every pod has one that is not `default`. */
export function withoutNamespace(context: LintContext): ReadonlySet<NetworkPolicy> {
  const found = new Set<NetworkPolicy>();
  if (!context.knowsPods || context.cluster.pods("default").length > 0) return found;
  for (const { policy } of context.policies) {
    const written = context.written(policy);
    const metadata = isObject(written) && isObject(written.metadata) ? written.metadata : undefined;
    if (metadata !== undefined && !metadata.namespace) found.add(policy);
  }
  return found;
}
