import { type FoundPolicy, policyAt } from "./policy-at.ts";
import { type ReadPolicy, readPolicy } from "./read-policy.ts";

/** The policy at an offset, which must be there, as a form. */
export function readAt(text: string, offset = 0): ReadPolicy & { readonly found: FoundPolicy } {
  const found = policyAt(text, offset);
  if (found.found !== "policy") throw new Error(JSON.stringify(found));
  return { ...readPolicy(found, text.slice(0, found.start).split("\n").length), found };
}
