import { isObject } from "../../manifest/decode.ts";
import type { SourceRange } from "../../model/source.ts";
import type { LintContext } from "../lint-context.ts";
import type { LintRule } from "../lint-rule.ts";

/** Kinds that decide about traffic too, by their API groups. */
const groups: ReadonlyMap<string, RegExp> = new Map([
  ["cilium.io", /^Cilium(?:Clusterwide)?NetworkPolicy$/],
  ["crd.projectcalico.org", /^(?:Global)?NetworkPolicy$/],
  ["projectcalico.org", /^(?:Staged)?(?:Global)?NetworkPolicy$/],
  ["crd.antrea.io", /^(?:Cluster)?NetworkPolicy$/],
  ["policy.networking.k8s.io", /^(?:Baseline)?(?:AdminNetworkPolicy|ClusterNetworkPolicy)$/],
  ["security.istio.io", /^AuthorizationPolicy$/],
]);

export const foreignPolicy: LintRule = {
  code: "foreign-policy",
  severity: "warning",
  title: "a policy of another kind, which is not analysed",
  help: "It decides about traffic too, and may deny or allow before NetworkPolicies are asked. What is said here leaves it out.",
  *check(context) {
    for (const value of context.manifests.others) {
      if (!isObject(value) || typeof value.apiVersion !== "string" || typeof value.kind !== "string")
        continue;
      const { apiVersion, kind } = value;
      if (!groups.get(apiVersion.split("/")[0]!)?.test(kind)) continue;
      const metadata = isObject(value.metadata) ? value.metadata : {};
      const name = typeof metadata.name === "string" ? metadata.name : "";
      const range = findObject(context, kind, name);
      yield {
        object: `${kind} ${typeof metadata.namespace === "string" ? `${metadata.namespace}/` : ""}${name}`,
        path: "",
        ...(range && { range }),
        message: `${apiVersion} ${kind} decides about traffic too and is not analysed: what is allowed or denied here leaves it out.`,
      };
    }
  },
};

/** Nothing is remembered of where other kinds stand; the `kind` with the name after or before it is near enough. */
function findObject(context: LintContext, kind: string, name: string): SourceRange | undefined {
  const pattern = new RegExp(`^ *["']?kind["']?: *["']?${kind}["']? *,?$`, "gm");
  for (const [file, text] of context.manifests.texts) {
    for (const match of text.matchAll(pattern)) {
      const before = text.lastIndexOf("\n---", match.index);
      const after = text.indexOf("\n---", match.index);
      const document = text.slice(Math.max(0, before), after < 0 ? text.length : after);
      if (name !== "" && !document.includes(name)) continue;
      const start = match.index + match[0].search(/\S/);
      return context.source.range(file, start, match.index + match[0].length);
    }
  }
  return undefined;
}
