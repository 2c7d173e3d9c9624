import { type RbacPurpose, type RbacRule, rbacRules } from "./rules.ts";

export interface RbacSubject {
  readonly serviceAccount: string;
  readonly namespace: string;
}

const name: Readonly<Record<RbacPurpose, string>> = {
  analyse: "portcullis-analyse",
  agent: "portcullis-agent",
};

/** A service account with exactly the rights that are needed: itself, its ClusterRole and the binding of both. */
export function rbacObjects(purpose: RbacPurpose, subject: RbacSubject): readonly unknown[] {
  const metadata = { name: name[purpose], labels: { "app.kubernetes.io/name": "portcullis" } };
  const account = {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { ...metadata, name: subject.serviceAccount, namespace: subject.namespace },
  };
  return [account, clusterRole(metadata, rbacRules(purpose)), binding(metadata, subject)];
}

/** What a service account is called that nobody named. */
export function defaultAccount(purpose: RbacPurpose): string {
  return name[purpose];
}

function clusterRole(metadata: unknown, rules: readonly RbacRule[]): unknown {
  return { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata, rules };
}

function binding(metadata: { readonly name: string }, subject: RbacSubject): unknown {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata,
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: metadata.name },
    subjects: [{ kind: "ServiceAccount", name: subject.serviceAccount, namespace: subject.namespace }],
  };
}
