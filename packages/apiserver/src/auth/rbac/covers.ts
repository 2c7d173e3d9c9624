import { has, type Rule, urlCovers } from "./rule.ts";

/** The parts of `wanted` that no rule of `held` allows: one for each group and resource, or for each path. */
export function notCovered(held: readonly Rule[], wanted: readonly Rule[]): readonly Rule[] {
  return wanted.flatMap((rule) => {
    const missing = (part: Rule): readonly Rule[] => {
      const verbs = part.verbs.filter(
        (verb) => !held.some((each) => covers(each, { ...part, verbs: [verb] })),
      );
      return verbs.length === 0 ? [] : [{ ...part, verbs }];
    };
    return [...resourceParts(rule), ...pathParts(rule)].flatMap(missing);
  });
}

function resourceParts(rule: Rule): readonly Rule[] {
  const names = rule.resourceNames.length === 0 ? [[]] : rule.resourceNames.map((name) => [name]);
  return rule.apiGroups.flatMap((group) =>
    rule.resources.flatMap((resource) =>
      names.map((resourceNames) => ({
        ...rule,
        apiGroups: [group],
        resources: [resource],
        resourceNames,
        nonResourceURLs: [],
      })),
    ),
  );
}

function pathParts(rule: Rule): readonly Rule[] {
  const nothing = { apiGroups: [], resources: [], resourceNames: [] };
  return rule.nonResourceURLs.map((url) => ({ ...rule, ...nothing, nonResourceURLs: [url] }));
}

/** Whether all that a part allows is allowed by one rule; a star is only covered by a star. */
function covers(rule: Rule, part: Rule): boolean {
  if (!part.verbs.every((verb) => has(rule.verbs, verb))) return false;
  const [url] = part.nonResourceURLs;
  if (url !== undefined) return rule.nonResourceURLs.some((each) => urlCovers(each, url));
  const [resource = ""] = part.resources;
  const [, subresource] = resource.split("/");
  return (
    part.apiGroups.every((group) => has(rule.apiGroups, group)) &&
    (has(rule.resources, resource) ||
      (subresource !== undefined && rule.resources.includes(`*/${subresource}`))) &&
    (rule.resourceNames.length === 0 ||
      (part.resourceNames.length > 0 &&
        part.resourceNames.every((name) => rule.resourceNames.includes(name))))
  );
}
