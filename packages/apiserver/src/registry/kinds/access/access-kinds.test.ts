import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ApiObject } from "../../../api-object.ts";
import { ApiServer } from "../../../api-server.ts";
import { serviceAccountUser } from "../../../auth/tokens/service-account-tokens.ts";
import { systemMaster, type UserInfo } from "../../../auth/user.ts";
import { invalid } from "../../refusals.ts";
import type { ResourceDef } from "../../resource-def.ts";
import { requestToken } from "./token-request.ts";

const now = new Date("2026-01-02T03:04:05.678Z");
const staticUser: UserInfo = { name: "operator", groups: ["ops", "system:authenticated"] };
const rbac = "rbac.authorization.k8s.io";

let api: ApiServer;
beforeEach(() => {
  api = new ApiServer({
    clusterCidrs: { services: ["10.96.0.0/16"] },
    access: { tokens: [{ token: "known", user: staticUser }] },
    clock: () => now,
  });
});
afterEach(() => api.close());

function def(group: string, plural: string): ResourceDef {
  return api.registry.find(group, "v1", plural)!;
}

function create(group: string, plural: string, object: object, namespace?: string): ApiObject {
  const { kind } = def(group, plural);
  const apiVersion = group === "" ? "v1" : `${group}/v1`;
  return api.registry.create(def(group, plural), { apiVersion, kind, ...object } as ApiObject, namespace);
}

const account = (name: string) => create("", "serviceaccounts", { metadata: { name } }, "default");

/** What a review of this kind says, after what its request is told off for. */
function review(group: string, plural: string, spec: object, user = systemMaster, metadata = {}): unknown {
  const kind = def(`${group}.k8s.io`, plural);
  const object = {
    apiVersion: `${group}.k8s.io/v1`,
    kind: kind.kind,
    metadata,
    spec,
  } as unknown as ApiObject;
  const errors = kind.validate(object);
  if (errors.length > 0) throw invalid(kind, "", errors);
  return kind.answer!(object, user).status;
}

describe("roles and bindings", () => {
  it.each([
    [
      "roles",
      { rules: [{ apiGroups: [""], resources: ["pods"] }] },
      "rules[0].verbs: Required value: verbs must contain at least one value",
    ],
    [
      "roles",
      { rules: [{ verbs: ["get"], resources: ["pods"] }] },
      "rules[0].apiGroups: Required value: resource rules must supply at least one api group",
    ],
    [
      "roles",
      { rules: [{ verbs: ["get"], apiGroups: [""] }] },
      "rules[0].resources: Required value: resource rules must supply at least one resource",
    ],
    [
      "roles",
      { rules: [{ verbs: ["get"], nonResourceURLs: ["/x"] }] },
      'rules[0].nonResourceURLs: Invalid value: ["/x"]: namespaced rules cannot apply to non-resource URLs',
    ],
    [
      "clusterroles",
      { rules: [{ verbs: ["get"], nonResourceURLs: ["/x"], resources: ["pods"] }] },
      "rules cannot apply to both regular resources and non-resource URLs",
    ],
    ["clusterroles", { aggregationRule: {} }, "aggregationRule.clusterRoleSelectors: Required value"],
    [
      "rolebindings",
      { roleRef: { kind: "User", name: "x" } },
      'roleRef.kind: Unsupported value: "User": supported values: "Role", "ClusterRole"',
    ],
    ["rolebindings", { roleRef: { kind: "Role" } }, "roleRef.name: Required value"],
    [
      "rolebindings",
      { roleRef: { kind: "Role", name: "a/b" } },
      `roleRef.name: Invalid value: "a/b": may not contain '/'`,
    ],
    ["clusterrolebindings", { roleRef: { kind: "Role", name: "x" } }, 'supported values: "ClusterRole"'],
    [
      "clusterrolebindings",
      { roleRef: { kind: "ClusterRole", name: "x" }, subjects: [{ kind: "ServiceAccount", name: "x" }] },
      "subjects[0].namespace: Required value",
    ],
    [
      "rolebindings",
      { roleRef: { kind: "Role", name: "x" }, subjects: [{ kind: "Robot", name: "x" }] },
      'subjects[0].kind: Unsupported value: "Robot": supported values: "ServiceAccount", "User", "Group"',
    ],
    [
      "rolebindings",
      { roleRef: { kind: "Role", name: "x" }, subjects: [{ kind: "User" }] },
      "subjects[0].name: Required value",
    ],
    [
      "rolebindings",
      { roleRef: { apiGroup: "x", kind: "Role", name: "x" } },
      `roleRef.apiGroup: Unsupported value: "x": supported values: "${rbac}"`,
    ],
  ])("%s %j: %s", (plural, fields, words) => {
    const namespace = plural.startsWith("cluster") ? undefined : "default";
    expect(() => create(rbac, plural, { metadata: { name: "system:x" }, ...fields }, namespace)).toThrow(
      words,
    );
  });

  it("are named by what can be part of a path, and refer with their group", () => {
    const roleRef = { kind: "ClusterRole", name: "view" };
    const subjects = [
      { kind: "User", name: "jane" },
      { kind: "ServiceAccount", name: "x", namespace: "a" },
    ];
    const made = create(
      rbac,
      "rolebindings",
      { metadata: { name: "system:x" }, roleRef, subjects },
      "default",
    );
    expect(made.roleRef).toEqual({ ...roleRef, apiGroup: rbac });
    expect(made.subjects).toEqual([{ ...subjects[0], apiGroup: rbac }, subjects[1]]);
    const cells = def(rbac, "rolebindings").columns.map(({ cell }) => cell(made, now));
    expect(cells).toEqual(["system:x", "ClusterRole/view", "0s", "jane", "", "a/x"]);
    for (const name of ["a/b", "a%b", ".", ".."])
      expect(() => create(rbac, "clusterroles", { metadata: { name } })).toThrow("may not");
  });

  it("a binding stays with its role", () => {
    const kind = def(rbac, "clusterrolebindings");
    const view = api.registry.get(kind, "system:discovery");
    const roleRef = { apiGroup: rbac, kind: "ClusterRole", name: "cluster-admin" };
    expect(() => api.registry.update(kind, { ...view, roleRef }, "system:discovery")).toThrow(
      "cannot change roleRef",
    );
    const subjects = [{ apiGroup: rbac, kind: "User", name: "jane" }];
    expect(api.registry.update(kind, { ...view, subjects }, "system:discovery").subjects).toEqual(subjects);
  });

  it("an aggregated role has the rules of those that it selects, whatever happens to them", () => {
    const kind = def(rbac, "clusterroles");
    const rule = { apiGroups: ["example.com"], resources: ["things"], verbs: ["get"] };
    const rulesOf = (name: string) => api.registry.get(kind, name).rules as readonly unknown[];
    const metadata = { name: "things", labels: { [`${rbac}/aggregate-to-view`]: "true" } };
    const before = ["view", "edit", "admin"].map(rulesOf);
    expect(before[0]?.length).toBeGreaterThan(3);
    expect(before[1]).toEqual(expect.arrayContaining([...before[0]!]));
    expect(before[2]).toEqual(expect.arrayContaining([...before[1]!]));
    create(rbac, "clusterroles", { metadata, rules: [rule] });
    for (const name of ["view", "edit", "admin"]) expect(rulesOf(name)).toContainEqual(rule);
    api.registry.delete(kind, "things");
    expect(["view", "edit", "admin"].map(rulesOf)).toEqual(before);
  });
});

describe("reviews", () => {
  const attributes = (resource: string, verb: string) => ({
    resourceAttributes: { namespace: "default", resource, verb },
  });
  const robot = serviceAccountUser("default", "robot");
  beforeEach(() => {
    const subjects = [{ kind: "ServiceAccount", name: "robot", namespace: "default" }];
    const roleRef = { apiGroup: rbac, kind: "ClusterRole", name: "view" };
    create(rbac, "rolebindings", { metadata: { name: "robots" }, roleRef, subjects }, "default");
  });

  it("say whether somebody may do something", () => {
    const reason =
      'RBAC: allowed by RoleBinding "robots/default" of ClusterRole "view" to ServiceAccount "robot/default"';
    const spec = { user: robot.name, groups: robot.groups };
    const ask = (plural: string, more: object, user?: UserInfo) =>
      review("authorization", plural, more, user, { namespace: "default" });
    for (const plural of ["subjectaccessreviews", "localsubjectaccessreviews"]) {
      expect(ask(plural, { ...spec, ...attributes("pods", "list") })).toEqual({ allowed: true, reason });
      expect(ask(plural, { ...spec, ...attributes("secrets", "list") })).toEqual({ allowed: false });
    }
    expect(ask("selfsubjectaccessreviews", attributes("pods", "get"), robot)).toEqual({
      allowed: true,
      reason,
    });
    expect(ask("selfsubjectaccessreviews", attributes("pods", "delete"))).toEqual({ allowed: true });
    const version = { nonResourceAttributes: { path: "/version", verb: "get" } };
    expect(ask("selfsubjectaccessreviews", version, robot)).toMatchObject({ allowed: true });
  });

  it.each([
    ["subjectaccessreviews", attributes("pods", "get"), "spec.user: Invalid value"],
    [
      "subjectaccessreviews",
      { user: "x" },
      "exactly one of nonResourceAttributes or resourceAttributes must be specified",
    ],
    [
      "selfsubjectaccessreviews",
      { ...attributes("pods", "get"), nonResourceAttributes: {} },
      "cannot be specified in combination with resourceAttributes",
    ],
    [
      "localsubjectaccessreviews",
      { user: "x", resourceAttributes: { namespace: "b" } },
      'spec.resourceAttributes.namespace: Invalid value: "b": must match metadata.namespace',
    ],
  ])("%s %j: %s", (plural, spec, words) => {
    expect(() => review("authorization", plural, spec, systemMaster, { namespace: "default" })).toThrow(
      words,
    );
  });

  it("list what a user may do", () => {
    const rules = review("authorization", "selfsubjectrulesreviews", { namespace: "default" }, robot);
    expect(rules).toMatchObject({ incomplete: false });
    expect(JSON.stringify(rules)).toContain('"selfsubjectreviews"');
  });

  it("say who somebody is", () => {
    const ask = (spec: object) => review("authentication", "tokenreviews", spec);
    expect(review("authentication", "selfsubjectreviews", {}, staticUser)).toEqual({
      userInfo: { username: "operator", groups: ["ops", "system:authenticated"] },
    });
    expect(ask({ token: "known" })).toEqual({
      authenticated: true,
      user: { username: "operator", groups: ["ops", "system:authenticated"] },
      audiences: ["https://kubernetes.default.svc.cluster.local"],
    });
    expect(ask({ token: "unknown" })).toEqual({ user: {}, error: "invalid bearer token" });
    expect(ask({ token: "known", audiences: ["vault"] })).toEqual({
      user: {},
      error: "invalid bearer token",
    });
    expect(() => ask({})).toThrow("spec.token: Required value");
  });
});

describe("a token request", () => {
  const request = (spec: object) =>
    ({
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      metadata: {},
      spec,
    }) as unknown as ApiObject;
  const ask = (spec: object, of: ApiObject) =>
    requestToken(request(spec), of, { registry: api.registry, tokens: api.access.serviceAccounts });
  const pod = (name: string, more: object) =>
    create(
      "",
      "pods",
      { metadata: { name }, spec: { containers: [{ name: "c", image: "nginx" }], ...more } },
      "default",
    );

  it("is answered with a token for an hour that is good for the API", () => {
    const robot = account("robot");
    const answer = ask({}, robot);
    expect(answer.metadata).toMatchObject({ name: "robot", namespace: "default" });
    expect(answer.spec).toEqual({
      audiences: ["https://kubernetes.default.svc.cluster.local"],
      expirationSeconds: 3600,
    });
    const { token, expirationTimestamp } = answer.status as { token: string; expirationTimestamp: string };
    expect(expirationTimestamp).toBe("2026-01-02T04:04:05Z");
    expect(api.access.authenticateToken(token)?.user).toMatchObject({
      name: "system:serviceaccount:default:robot",
    });
    expect(api.access.authenticateToken(token, ["vault"])).toBeUndefined();
  });

  it("binds to a pod of the account, and ends with it", () => {
    const robot = account("robot");
    const made = pod("own", { serviceAccountName: "robot", nodeName: "n" });
    const { token } = ask({ boundObjectRef: { kind: "Pod", apiVersion: "v1", name: "own" } }, robot)
      .status as { token: string };
    expect(api.access.authenticateToken(token)?.user.extra).toMatchObject({
      "authentication.kubernetes.io/pod-name": ["own"],
      "authentication.kubernetes.io/pod-uid": [made.metadata.uid],
    });
    api.registry.delete(def("", "pods"), "own", "default", { gracePeriodSeconds: 0 });
    expect(api.access.authenticateToken(token)).toBeUndefined();
  });

  it.each([
    [{ expirationSeconds: 599 }, "may not specify a duration less than 10 minutes"],
    [{ expirationSeconds: 2 ** 32 + 1 }, "may not specify a duration larger than 2^32 seconds"],
    [{ boundObjectRef: { kind: "Pod", name: "none" } }, 'pods "none" not found'],
    [{ boundObjectRef: { kind: "Pod", name: "other" } }, "to pod running with different serviceaccount name"],
    [{ boundObjectRef: { kind: "Node", name: "n", uid: "x" } }, 'nodes "n" not found'],
    [
      { boundObjectRef: { kind: "ConfigMap", apiVersion: "v1", name: "x" } },
      "cannot bind token to object of type v1, Kind=ConfigMap",
    ],
  ])("%j: %s", (spec, words) => {
    pod("other", {});
    expect(() => ask(spec, account("robot"))).toThrow(words);
  });

  it("refuses a pod of another uid", () => {
    const robot = account("robot");
    pod("own", { serviceAccountName: "robot" });
    const ref = { kind: "Pod", name: "own", uid: "another" };
    expect(() => ask({ boundObjectRef: ref }, robot)).toThrow("does not match the UID in record");
  });
});

it("a server that starts again has the default roles that were removed, and leaves the others as they are", async () => {
  const directory = mkdtempSync(join(tmpdir(), "portcullis-roles-"));
  const start = () =>
    new ApiServer({ clusterCidrs: { services: ["10.96.0.0/16"] }, persistence: { directory } });
  await api.close();
  api = start();
  const kind = def(rbac, "clusterroles");
  const discovery = api.registry.get(kind, "system:discovery");
  api.registry.update(kind, { ...discovery, rules: [] }, "system:discovery");
  api.registry.delete(kind, "system:monitoring");
  await api.close();
  api = start();
  expect(api.registry.get(kind, "system:discovery").rules).toEqual([]);
  expect(api.registry.get(kind, "system:monitoring").rules).toHaveLength(1);
  await api.close();
  rmSync(directory, { recursive: true });
});
