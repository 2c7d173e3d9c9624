import { matchesSelector } from "@portcullis/engine";
import type { ApiObject } from "../../api-object.ts";
import { asList, asRecord, sameJson } from "../../json.ts";
import { selectorOf } from "../../registry/kinds/validation/selector.ts";
import type { Registry } from "../../registry/registry.ts";

/**
 * Gives every ClusterRole with an `aggregationRule` the rules of those that it selects, in the order of their names and each
 * rule once. To be run after each change of a ClusterRole; a role that changes by it counts as such a change.
 */
export function aggregateRoles(registry: Registry): void {
  const def = registry.find("rbac.authorization.k8s.io", "v1", "clusterroles");
  if (def === undefined) return;
  const { items } = registry.list(def);
  for (const role of items.filter(({ aggregationRule }) => aggregationRule !== undefined)) {
    const rules = aggregated(role, items);
    if (sameJson(rules, asList(role.rules))) continue;
    registry.update(def, { ...role, rules }, role.metadata.name);
    // That was a change: what is left to do was done in its course.
    return;
  }
}

function aggregated(role: ApiObject, all: readonly ApiObject[]): readonly unknown[] {
  const selectors = asList(asRecord(role.aggregationRule).clusterRoleSelectors).map(selectorOf);
  const rules: unknown[] = [];
  for (const other of all) {
    const { labels = {} } = other.metadata;
    if (other === role || !selectors.some((selector) => matchesSelector(selector, labels))) continue;
    for (const rule of asList(other.rules))
      if (!rules.some((known) => sameJson(known, rule))) rules.push(rule);
  }
  return rules;
}
