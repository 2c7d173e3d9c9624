import { asList, asRecord, asString } from "../../json.ts";
import type { RequestAttributes } from "../user.ts";

/** rbac.authorization.k8s.io/v1 PolicyRule. */
export interface Rule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

/** The `rules` of a stored Role or ClusterRole; what is left out is empty. */
export function readRules(rules: unknown): readonly Rule[] {
  return asList(rules).map((each) => {
    const rule = asRecord(each);
    const texts = (field: string) => asList(rule[field]).map(asString);
    return {
      verbs: texts("verbs"),
      apiGroups: texts("apiGroups"),
      resources: texts("resources"),
      resourceNames: texts("resourceNames"),
      nonResourceURLs: texts("nonResourceURLs"),
    };
  });
}

/** Whether the rule allows the request (API reference, "Referring to resources"). */
export function ruleAllows(rule: Rule, attributes: RequestAttributes): boolean {
  if (!has(rule.verbs, attributes.verb)) return false;
  if ("path" in attributes) return rule.nonResourceURLs.some((url) => urlCovers(url, attributes.path));
  const { group, resource, subresource, name = "" } = attributes;
  return (
    has(rule.apiGroups, group) &&
    resourceCovered(rule.resources, resource, subresource) &&
    (rule.resourceNames.length === 0 || rule.resourceNames.includes(name))
  );
}

/** Whether a list of a rule has the value, or the star that stands for every one. */
export function has(values: readonly string[], value: string): boolean {
  return values.includes("*") || values.includes(value);
}

/** `*` is everything, `pods/exec` one subresource, and star-slash-`scale` that subresource of everything; `pods` is pods alone. */
function resourceCovered(
  resources: readonly string[],
  resource: string,
  subresource: string | undefined,
): boolean {
  if (subresource === undefined) return has(resources, resource);
  return has(resources, `${resource}/${subresource}`) || resources.includes(`*/${subresource}`);
}

/** A star at the end stands for any rest; one elsewhere is a star. */
export function urlCovers(pattern: string, path: string): boolean {
  if (pattern === "*" || pattern === path) return true;
  return pattern.endsWith("*") && path.startsWith(pattern.replace(/\*+$/, ""));
}
