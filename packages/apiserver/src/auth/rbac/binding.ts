import type { ApiObject } from "../../api-object.ts";
import { asList, asRecord, asString } from "../../json.ts";
import type { UserInfo } from "../user.ts";

/** rbac.authorization.k8s.io/v1 Subject. */
export interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

/** A stored RoleBinding or ClusterRoleBinding. */
export interface Binding {
  readonly kind: string;
  readonly name: string;
  /** "" for a ClusterRoleBinding. */
  readonly namespace: string;
  readonly roleKind: string;
  readonly roleName: string;
  readonly subjects: readonly Subject[];
}

export function readBinding(object: ApiObject): Binding {
  const { name, namespace = "" } = object.metadata;
  const roleRef = asRecord(object.roleRef);
  const subjects = asList(object.subjects).map((each) => {
    const subject = asRecord(each);
    return {
      kind: asString(subject.kind),
      name: asString(subject.name),
      namespace: asString(subject.namespace),
    };
  });
  return {
    kind: object.kind,
    name,
    namespace,
    roleKind: asString(roleRef.kind),
    roleName: asString(roleRef.name),
    subjects,
  };
}

/**
 * What a subject is found by: a user has the keys of its name and of each of its groups. A service account is the user of
 * its name; in a RoleBinding it may leave out its namespace, which is the binding's then.
 */
export function subjectKey({ kind, name, namespace }: Subject, bindingNamespace: string): string | undefined {
  if (kind === "User") return `User ${name}`;
  if (kind === "Group") return `Group ${name}`;
  const home = namespace === "" ? bindingNamespace : namespace;
  return kind === "ServiceAccount" && home !== "" ? `User system:serviceaccount:${home}:${name}` : undefined;
}

export function userKeys({ name, groups }: UserInfo): readonly string[] {
  return [`User ${name}`, ...groups.map((group) => `Group ${group}`)];
}

/** The binding in the API server's words: which one, of what, to whom. */
export function describeBinding(
  { kind, name, namespace, roleKind, roleName }: Binding,
  subject: Subject,
): string {
  const binding = namespace === "" ? name : `${name}/${namespace}`;
  return `${kind} "${binding}" of ${roleKind} "${roleName}" to ${describeSubject(subject, namespace)}`;
}

function describeSubject({ kind, name, namespace }: Subject, bindingNamespace: string): string {
  if (kind !== "ServiceAccount") return `${kind} "${name}"`;
  return `${kind} "${name}/${namespace === "" ? bindingNamespace : namespace}"`;
}
