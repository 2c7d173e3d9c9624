import type { ApiObject } from "../../api-object.ts";
import { asList, asRecord, asString, sameJson } from "../../json.ts";
import type { UserInfo } from "../user.ts";
import { notCovered } from "./covers.ts";
import { isSuperuser, type RbacAuthorizer } from "./rbac-authorizer.ts";
import { type Rule, readRules } from "./rule.ts";

const group = "rbac.authorization.k8s.io";
const star = ["*"];
const everything: readonly Rule[] = [
  { verbs: star, apiGroups: star, resources: star, resourceNames: [], nonResourceURLs: [] },
  { verbs: star, apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: star },
];

/**
 * Nobody gives away what they do not have (Kubernetes documentation, "Privilege escalation prevention and bootstrapping"):
 * who writes a role has its rules already, or may `escalate` it; who writes a binding has the rules of its role, or may
 * `bind` it. Each method says why a write is refused, undefined when it is not.
 */
export class Escalation {
  readonly #authorizer: RbacAuthorizer;

  constructor(authorizer: RbacAuthorizer) {
    this.#authorizer = authorizer;
  }

  /** Of a Role or ClusterRole that is to be written. */
  ofRole(role: ApiObject, old: ApiObject | undefined, user: UserInfo): string | undefined {
    const same = old !== undefined && sameJson(old.rules, role.rules);
    if (same && sameJson(old.aggregationRule, role.aggregationRule)) return undefined;
    if (isSuperuser(user) || this.#may(user, "escalate", role.kind, role)) return undefined;
    // Whoever labels a role then decides what an aggregated one allows.
    const wanted = role.aggregationRule === undefined ? readRules(role.rules) : everything;
    return this.#missing(user, role, wanted);
  }

  /** Of a RoleBinding or ClusterRoleBinding that is to be written. */
  ofBinding(binding: ApiObject, old: ApiObject | undefined, user: UserInfo): string | undefined {
    if (old !== undefined && sameJson(old.subjects, binding.subjects)) return undefined;
    const roleRef = asRecord(binding.roleRef);
    const [kind, name] = [asString(roleRef.kind), asString(roleRef.name)];
    const { namespace } = binding.metadata;
    const role = { metadata: { name, ...(namespace === undefined ? {} : { namespace }) } };
    if (isSuperuser(user) || this.#may(user, "bind", kind, role)) return undefined;
    const rules = this.#authorizer.rulesOfRole(kind, name, namespace ?? "");
    if (rules === undefined) return `${kind.toLowerCase()}.${group} "${name}" not found`;
    return this.#missing(user, binding, rules);
  }

  #may(user: UserInfo, verb: string, kind: string, { metadata }: Pick<ApiObject, "metadata">): boolean {
    const resource = `${kind.toLowerCase()}s`;
    const { name, namespace } = metadata;
    const inNamespace = namespace === undefined ? {} : { namespace };
    const request = { verb, group, version: "v1", resource, name, ...inNamespace };
    return this.#authorizer.authorize(user, request).allowed;
  }

  #missing(user: UserInfo, { metadata }: ApiObject, wanted: readonly Rule[]): string | undefined {
    const missing = notCovered(this.#authorizer.rulesIn(user, metadata.namespace ?? ""), wanted);
    if (missing.length === 0) return undefined;
    const who = `user "${user.name}" (groups=${quoted(user.groups)})`;
    const lines = missing.map(describe).join("\n");
    return `${who} is attempting to grant RBAC permissions not currently held:\n${lines}`;
  }
}

/** As the API server writes a rule: `{APIGroups:[""], Resources:["pods"], Verbs:["get"]}`. */
function describe({ apiGroups, resources, resourceNames, nonResourceURLs, verbs }: Rule): string {
  const fields = Object.entries({
    APIGroups: apiGroups,
    Resources: resources,
    ResourceNames: resourceNames,
    NonResourceURLs: nonResourceURLs,
    Verbs: verbs,
  });
  const present = fields.filter(([, values]) => asList(values).length > 0);
  return `{${present.map(([name, values]) => `${name}:${quoted(values)}`).join(", ")}}`;
}

function quoted(values: readonly string[]): string {
  return `[${values.map((value) => JSON.stringify(value)).join(" ")}]`;
}
