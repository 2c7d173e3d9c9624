import { policyId } from "@portcullis/agent";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import type { ReadPolicies, ReadPolicy } from "./read-policies.ts";

export interface NamedPolicies {
  /** Those that the API has, each once, by `namespace/name`. */
  readonly asked: readonly ReadPolicy[];
  /** `namespace/name` of those that it has not. */
  readonly missing: readonly string[];
  /** What stands for those in a node's record. */
  readonly gone: ReadonlySet<number>;
}

/** The policies of these names, `NAME` or `NAMESPACE/NAME`; of a namespace, or all, without names. */
export function namedPolicies(
  { policies }: ReadPolicies,
  names: readonly string[],
  {
    namespace,
    defaultNamespace,
  }: { readonly namespace?: string | undefined; readonly defaultNamespace: string },
): NamedPolicies {
  if (names.length === 0) {
    const asked = policies.filter((policy) => namespace === undefined || policy.namespace === namespace);
    return { asked, missing: [], gone: new Set() };
  }
  const byKey = new Map(policies.map((policy) => [policy.key, policy]));
  const keys = [...new Set(names.map((name) => keyOf(name, namespace ?? defaultNamespace)))].sort();
  const missing = keys.filter((key) => !byKey.has(key));
  return {
    asked: keys.flatMap((key) => byKey.get(key) ?? []),
    missing,
    gone: new Set(missing.map(policyId)),
  };
}

/** Also as kubectl prints and takes it: `networkpolicy/NAME`, with or without group. */
function keyOf(text: string, namespace: string): string {
  const parts = text.replace(/^(?:networkpolic(?:y|ies)|netpol)(?:\.networking\.k8s\.io)?\//, "").split("/");
  const [first = "", second] = parts;
  const key = second === undefined ? `${namespace}/${first}` : `${first}/${second}`;
  if (parts.length > 2 || !/^[^/\s]+\/[^/\s]+$/.test(key))
    throw new CliError(exitCode.usage, `"${text}" names no policy`, "Write NAME or NAMESPACE/NAME.");
  return key;
}
