import type { ApiObject } from "../../../api-object.ts";
import type { Escalation } from "../../../auth/rbac/escalation.ts";
import { asList, asRecord } from "../../../json.ts";
import { forbidden } from "../../refusals.ts";
import type { FieldError, ResourceDef } from "../../resource-def.ts";
import { kindEntry } from "../entry.ts";
import { invalid, required } from "../validation/field-errors.ts";
import { metadataErrors } from "../validation/metadata.ts";
import { rbacName } from "./rbac-name.ts";

/** The group of roles and bindings. */
export const rbacGroup = "rbac.authorization.k8s.io";

/** rbac.authorization.k8s.io/v1 Role. */
export function roles(escalation: Escalation): ResourceDef {
  const def: ResourceDef = kindEntry({
    group: rbacGroup,
    version: "v1",
    kind: "Role",
    plural: "roles",
    behaviour: "full",
    validate: (value) => [...metadataErrors(value, { name: rbacName }), ...rulesErrors(value, true)],
    beforeWrite: (object, old, user) => refuse(def, object, escalation.ofRole(object, old, user)),
  });
  return def;
}

/**
 * rbac.authorization.k8s.io/v1 ClusterRole. The rules of one with an `aggregationRule` are those of the roles that it
 * selects: `changed` is told of every write, to keep them so.
 */
export function clusterRoles(escalation: Escalation, changed: () => void): ResourceDef {
  const def: ResourceDef = kindEntry({
    group: rbacGroup,
    version: "v1",
    kind: "ClusterRole",
    plural: "clusterroles",
    namespaced: false,
    behaviour: "full",
    validate: (value) => [
      ...metadataErrors(value, { namespaced: false, name: rbacName }),
      ...rulesErrors(value, false),
      ...aggregationErrors(value),
    ],
    beforeWrite: (object, old, user) => refuse(def, object, escalation.ofRole(object, old, user)),
    afterWrite: changed,
    afterDelete: changed,
  });
  return def;
}

/** Throws Forbidden when there is a reason. */
export function refuse(def: ResourceDef, { metadata }: ApiObject, why: string | undefined): void {
  if (why !== undefined) throw forbidden(def, metadata.name, why);
}

function rulesErrors(value: unknown, namespaced: boolean): readonly FieldError[] {
  return asList(asRecord(value).rules).flatMap((rule, index) =>
    ruleErrors(rule, `rules[${index}]`, namespaced),
  );
}

/** As pkg/apis/rbac/validation has it. */
function ruleErrors(value: unknown, path: string, namespaced: boolean): readonly FieldError[] {
  const rule = asRecord(value);
  const has = (field: string) => asList(rule[field]).length > 0;
  const errors: FieldError[] = [];
  if (!has("verbs")) errors.push(required(`${path}.verbs`, "verbs must contain at least one value"));
  if (has("nonResourceURLs")) {
    const field = `${path}.nonResourceURLs`;
    const refuse = (why: string) => errors.push(invalid(field, rule.nonResourceURLs, why));
    if (namespaced) refuse("namespaced rules cannot apply to non-resource URLs");
    if (has("apiGroups") || has("resources") || has("resourceNames"))
      refuse("rules cannot apply to both regular resources and non-resource URLs");
    return errors;
  }
  if (!has("apiGroups"))
    errors.push(required(`${path}.apiGroups`, "resource rules must supply at least one api group"));
  if (!has("resources"))
    errors.push(required(`${path}.resources`, "resource rules must supply at least one resource"));
  return errors;
}

function aggregationErrors(value: unknown): readonly FieldError[] {
  const { aggregationRule } = asRecord(value);
  if (aggregationRule === undefined || aggregationRule === null) return [];
  if (asList(asRecord(aggregationRule).clusterRoleSelectors).length > 0) return [];
  const why = "at least one clusterRoleSelector required if aggregationRule is non-nil";
  return [required("aggregationRule.clusterRoleSelectors", why)];
}
