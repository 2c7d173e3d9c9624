import type { ApiObject } from "../../api-object.ts";
import type { RequestAttributes, UserInfo } from "../user.ts";

interface Fields {
  readonly [field: string]: unknown;
}

/**
 * Role-based access control read off the API reference, one question at a time and slowly: does any binding that is about
 * the user, and counts where it asks, lead to a role with a rule that allows it?
 */
export function naiveAllows(
  stored: readonly ApiObject[],
  user: UserInfo,
  question: RequestAttributes,
): boolean {
  const where = "path" in question ? "" : (question.namespace ?? "");
  return stored.some((binding) => {
    if (!binding.kind.endsWith("Binding")) return false;
    const home = binding.metadata.namespace ?? "";
    if (home !== "" && (home !== where || "path" in question)) return false;
    if (!(binding.subjects as Fields[]).some((subject) => isAbout(subject, user, home))) return false;
    const { kind, name } = binding.roleRef as Fields;
    return stored.some(
      (role) =>
        role.kind === kind &&
        role.metadata.name === name &&
        (kind === "ClusterRole" || role.metadata.namespace === home) &&
        (role.rules as Fields[]).some((rule) => permits(rule, question)),
    );
  });
}

function isAbout(subject: Fields, user: UserInfo, home: string): boolean {
  switch (subject.kind) {
    case "User":
      return user.name === subject.name;
    case "Group":
      return user.groups.includes(subject.name as string);
    default: {
      const namespace = (subject.namespace as string) || home;
      return namespace !== "" && user.name === `system:serviceaccount:${namespace}:${subject.name}`;
    }
  }
}

function permits(rule: Fields, question: RequestAttributes): boolean {
  const has = (field: string, ...values: string[]) => {
    const list = (rule[field] as string[] | undefined) ?? [];
    return values.some((value) => list.includes(value));
  };
  if (!has("verbs", "*", question.verb)) return false;
  if ("path" in question) {
    const urls = (rule.nonResourceURLs as string[] | undefined) ?? [];
    return urls.some((url) =>
      url.endsWith("*") ? question.path.startsWith(url.slice(0, -1)) : question.path === url,
    );
  }
  if (!has("apiGroups", "*", question.group)) return false;
  const { resource, subresource } = question;
  const names = subresource === undefined ? [resource] : [`${resource}/${subresource}`, `*/${subresource}`];
  if (!has("resources", "*", ...names)) return false;
  const named = (rule.resourceNames as string[] | undefined) ?? [];
  return named.length === 0 || named.includes(question.name ?? "");
}
