import type { Authorizer, Decision, RequestAttributes, ResourceRules, UserInfo } from "../user.ts";
import { describeBinding } from "./binding.ts";
import type { RbacIndex } from "./rbac-index.ts";
import { type Rule, ruleAllows } from "./rule.ts";

/** Members of this group may do everything, whatever is stored. */
export function isSuperuser(user: UserInfo): boolean {
  return user.groups.includes("system:masters");
}

/** Role-based access control over the stored roles and bindings (rbac.authorization.k8s.io/v1). */
export class RbacAuthorizer implements Authorizer {
  readonly #index: RbacIndex;

  constructor(index: RbacIndex) {
    this.#index = index;
  }

  authorize(user: UserInfo, attributes: RequestAttributes): Decision {
    if (isSuperuser(user)) return { allowed: true, reason: "" };
    const missing: string[] = [];
    for (const { binding, subject } of this.#index.grantsFor(user, namespaceOf(attributes))) {
      const rules = this.#index.rulesOf(binding);
      if (rules === undefined) missing.push(notFound(binding.roleKind, binding.roleName));
      if (rules?.some((rule) => ruleAllows(rule, attributes)))
        return { allowed: true, reason: `RBAC: allowed by ${describeBinding(binding, subject)}` };
    }
    return { allowed: false, reason: refusal(missing) };
  }

  rulesFor(user: UserInfo, namespace: string): ResourceRules {
    const rules = this.rulesIn(user, namespace);
    return {
      resourceRules: rules
        .filter(({ resources }) => resources.length > 0)
        .map(({ verbs, apiGroups, resources, resourceNames }) => ({
          verbs,
          apiGroups,
          resources,
          ...(resourceNames.length === 0 ? {} : { resourceNames }),
        })),
      nonResourceRules: rules
        .filter(({ nonResourceURLs }) => nonResourceURLs.length > 0)
        .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
      incomplete: false,
    };
  }

  /** The rules of a role; one that is no ClusterRole is looked up in the namespace. Undefined when it does not exist. */
  rulesOfRole(kind: string, name: string, namespace: string): readonly Rule[] | undefined {
    return this.#index.rulesOf({ roleKind: kind, roleName: name, namespace });
  }

  /** Every rule that holds for the user in the namespace; those of the whole cluster only when it is "". */
  rulesIn(user: UserInfo, namespace: string): readonly Rule[] {
    return this.#index
      .grantsFor(user, namespace)
      .flatMap(({ binding }) => rulesWhere(this.#index.rulesOf(binding) ?? [], binding.namespace));
  }
}

/** A path belongs to no namespace: a RoleBinding gives none. */
function rulesWhere(rules: readonly Rule[], namespace: string): readonly Rule[] {
  return namespace === "" ? rules : rules.filter(({ nonResourceURLs }) => nonResourceURLs.length === 0);
}

function namespaceOf(attributes: RequestAttributes): string {
  return "path" in attributes ? "" : (attributes.namespace ?? "");
}

function notFound(kind: string, name: string): string {
  return `${kind.toLowerCase()}.rbac.authorization.k8s.io "${name}" not found`;
}

function refusal(missing: readonly string[]): string {
  const all = [...new Set(missing)];
  if (all.length === 0) return "";
  return `RBAC: ${all.length === 1 ? all[0] : `[${all.join(", ")}]`}`;
}
