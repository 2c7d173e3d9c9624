import type { ApiObject } from "../../api-object.ts";

// The roles that every cluster has (Kubernetes documentation, "Default roles and role bindings"), for what is served here.

const rbac = "rbac.authorization.k8s.io";
const bootstrapLabel = "kubernetes.io/bootstrapping";

type Rule = Readonly<Record<string, readonly string[]>>;

const read = ["get", "list", "watch"];
const write = ["create", "delete", "deletecollection", "patch", "update"];

function rule(verbs: readonly string[], apiGroup: string, ...resources: readonly string[]): Rule {
  return { apiGroups: [apiGroup], resources, verbs };
}

function urls(...nonResourceURLs: readonly string[]): Rule {
  return { nonResourceURLs, verbs: ["get"] };
}

const workloads = [
  "daemonsets",
  "deployments",
  "deployments/scale",
  "replicasets",
  "replicasets/scale",
  "statefulsets",
  "statefulsets/scale",
];
const coreObjects = [
  "configmaps",
  "endpoints",
  "persistentvolumeclaims",
  "pods",
  "replicationcontrollers",
  "replicationcontrollers/scale",
  "serviceaccounts",
  "services",
];

const viewRules = [
  rule(
    read,
    "",
    ...coreObjects,
    "bindings",
    "events",
    "limitranges",
    "namespaces",
    "pods/log",
    "pods/status",
  ),
  rule(read, "", "namespaces/status", "resourcequotas", "resourcequotas/status", "services/status"),
  rule(read, "apps", ...workloads, "controllerrevisions", ...statusOf(workloads)),
  rule(read, "autoscaling", "horizontalpodautoscalers", "horizontalpodautoscalers/status"),
  rule(read, "batch", "cronjobs", "cronjobs/status", "jobs", "jobs/status"),
  rule(read, "discovery.k8s.io", "endpointslices"),
  rule(read, "networking.k8s.io", "ingresses", "ingresses/status", "networkpolicies"),
  rule(read, "policy", "poddisruptionbudgets", "poddisruptionbudgets/status"),
];

const editRules = [
  rule(read, "", "pods/attach", "pods/exec", "pods/portforward", "pods/proxy", "secrets", "services/proxy"),
  rule(["impersonate"], "", "serviceaccounts"),
  rule(
    write,
    "",
    "pods",
    "pods/attach",
    "pods/exec",
    "pods/portforward",
    "pods/proxy",
    "secrets",
    "services/proxy",
  ),
  rule(write, "", ...coreObjects.filter((each) => each !== "pods" && each !== "endpoints"), "events"),
  rule(["create"], "", "pods/eviction", "serviceaccounts/token"),
  rule(write, "apps", ...workloads, "deployments/rollback"),
  rule(write, "autoscaling", "horizontalpodautoscalers"),
  rule(write, "batch", "cronjobs", "jobs"),
  rule(write, "networking.k8s.io", "ingresses", "networkpolicies"),
  rule(write, "policy", "poddisruptionbudgets"),
  rule([...read, ...write], "coordination.k8s.io", "leases"),
];

const adminRules = [
  rule(["create"], "authorization.k8s.io", "localsubjectaccessreviews"),
  rule([...read, ...write], rbac, "rolebindings", "roles"),
];

function statusOf(resources: readonly string[]): readonly string[] {
  return resources.filter((each) => !each.includes("/")).map((each) => `${each}/status`);
}

function clusterRole(
  name: string,
  rules: readonly Rule[],
  labels: Readonly<Record<string, string>> = {},
): ApiObject {
  return {
    apiVersion: `${rbac}/v1`,
    kind: "ClusterRole",
    metadata: { name, labels: { ...labels, [bootstrapLabel]: "rbac-defaults" } },
    rules,
  };
}

/** A role for people, made of all roles that are labelled for it; each of these belongs to the mightier role too. */
function aggregated(
  name: string,
  mightier: string | undefined,
  rules: readonly Rule[],
): readonly ApiObject[] {
  const label = (role: string) => `${rbac}/aggregate-to-${role}`;
  const upwards: Readonly<Record<string, string>> =
    mightier === undefined ? {} : { [label(mightier)]: "true" };
  const role = clusterRole(name, [], upwards);
  return [
    clusterRole(`system:aggregate-to-${name}`, rules, { [label(name)]: "true" }),
    { ...role, aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [label(name)]: "true" } }] } },
  ];
}

export const defaultClusterRoles: readonly ApiObject[] = [
  clusterRole("cluster-admin", [
    { apiGroups: ["*"], resources: ["*"], verbs: ["*"] },
    { nonResourceURLs: ["*"], verbs: ["*"] },
  ]),
  ...aggregated("view", "edit", viewRules),
  ...aggregated("edit", "admin", editRules),
  ...aggregated("admin", undefined, adminRules),
  clusterRole("system:basic-user", [
    rule(["create"], "authorization.k8s.io", "selfsubjectaccessreviews", "selfsubjectrulesreviews"),
    rule(["create"], "authentication.k8s.io", "selfsubjectreviews"),
  ]),
  clusterRole("system:discovery", [
    urls(
      "/api",
      "/api/*",
      "/apis",
      "/apis/*",
      "/healthz",
      "/livez",
      "/openapi",
      "/openapi/*",
      "/readyz",
      "/version",
      "/version/",
    ),
  ]),
  clusterRole("system:public-info-viewer", [urls("/healthz", "/livez", "/readyz", "/version", "/version/")]),
  clusterRole("system:auth-delegator", [
    rule(["create"], "authentication.k8s.io", "tokenreviews"),
    rule(["create"], "authorization.k8s.io", "subjectaccessreviews"),
  ]),
  clusterRole("system:monitoring", [
    urls("/healthz", "/healthz/*", "/livez", "/livez/*", "/metrics", "/metrics/slis", "/readyz", "/readyz/*"),
  ]),
];

function clusterRoleBinding(name: string, ...groups: readonly string[]): ApiObject {
  return {
    apiVersion: `${rbac}/v1`,
    kind: "ClusterRoleBinding",
    metadata: { name, labels: { [bootstrapLabel]: "rbac-defaults" } },
    roleRef: { apiGroup: rbac, kind: "ClusterRole", name },
    subjects: groups.map((group) => ({ apiGroup: rbac, kind: "Group", name: group })),
  };
}

/** Each binds the role of its own name. */
export const defaultClusterRoleBindings: readonly ApiObject[] = [
  clusterRoleBinding("cluster-admin", "system:masters"),
  clusterRoleBinding("system:basic-user", "system:authenticated"),
  clusterRoleBinding("system:discovery", "system:authenticated"),
  clusterRoleBinding("system:monitoring", "system:monitoring"),
  clusterRoleBinding("system:public-info-viewer", "system:authenticated", "system:unauthenticated"),
];
