import { type RbacPurpose, type RbacRule, rbacOwnRules, rbacRules } from "./rules.ts";

export interface RbacSubject {
  readonly serviceAccount: string;
  readonly namespace: string;
}

const name: Readonly<Record<RbacPurpose, string>> = {
  analyse: "portcullis-analyse",
  agent: "portcullis-agent",
  status: "portcullis-status",
};

/**
 * A service account with exactly the rights that are needed: itself, its ClusterRole and the binding of both; and a Role for
 * what it may do in its own namespace only.
 */
export function rbacObjects(purpose: RbacPurpose, subject: RbacSubject): readonly unknown[] {
  const metadata = { name: name[purpose], labels: { "app.kubernetes.io/name": "portcullis" } };
  const account = {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { ...metadata, name: subject.serviceAccount, namespace: subject.namespace },
  };
  const own = rbacOwnRules(purpose);
  const here = { ...metadata, namespace: subject.namespace };
  return [
    account,
    role("ClusterRole", metadata, rbacRules(purpose)),
    binding("ClusterRole", metadata, subject),
    ...(own.length === 0 ? [] : [role("Role", here, own), binding("Role", here, subject)]),
  ];
}

/** What a service account is called that nobody named. */
export function defaultAccount(purpose: RbacPurpose): string {
  return name[purpose];
}

type RoleKind = "ClusterRole" | "Role";

function role(kind: RoleKind, metadata: unknown, rules: readonly RbacRule[]): unknown {
  return { apiVersion: "rbac.authorization.k8s.io/v1", kind, metadata, rules };
}

function binding(kind: RoleKind, metadata: { readonly name: string }, subject: RbacSubject): unknown {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: `${kind}Binding`,
    metadata,
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind, name: metadata.name },
    subjects: [{ kind: "ServiceAccount", name: subject.serviceAccount, namespace: subject.namespace }],
  };
}
