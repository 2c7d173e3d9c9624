import type { PolicyEntry } from "../cluster/policy-entry.ts";

/** The names of a pod's policies, in one text; remembered as long as `policiesOf` remembers the policies. */
export function policyNames(policies: readonly PolicyEntry[]): string {
  let text = known.get(policies);
  if (text === undefined) {
    text = policies.map(({ key }) => key).join();
    known.set(policies, text);
  }
  return text;
}

const known = new WeakMap<readonly PolicyEntry[], string>();
