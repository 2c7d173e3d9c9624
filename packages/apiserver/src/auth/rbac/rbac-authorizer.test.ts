import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { ApiObject } from "../../api-object.ts";
import { Store } from "../../store/store.ts";
import type { RequestAttributes, UserInfo } from "../user.ts";
import { naiveAllows } from "./naive-rbac.testing.ts";
import { RbacAuthorizer } from "./rbac-authorizer.ts";
import { RbacIndex } from "./rbac-index.ts";

const group = "rbac.authorization.k8s.io";
const plurals: Readonly<Record<string, string>> = {
  Role: "roles",
  ClusterRole: "clusterroles",
  RoleBinding: "rolebindings",
  ClusterRoleBinding: "clusterrolebindings",
};

let store: Store;
let authorizer: RbacAuthorizer;
beforeEach(() => {
  store = new Store();
  authorizer = new RbacAuthorizer(new RbacIndex(store));
});

type Fields = Readonly<Record<string, unknown>>;

function object(kind: string, name: string, fields: Fields, namespace = ""): ApiObject {
  const metadata = namespace === "" ? { name } : { name, namespace };
  return { apiVersion: `${group}/v1`, kind, metadata, ...fields };
}

function key({ kind, metadata: { name, namespace = "" } }: ApiObject) {
  return { resource: `${plurals[kind]}.${group}`, namespace, name };
}

/** Creates or replaces. */
function put(stored: ApiObject): void {
  if (store.create(key(stored), stored) === undefined) store.update(key(stored), stored);
}

const rule = (verbs: string, resources: string, more: Fields = {}) => ({
  apiGroups: [""],
  verbs: verbs.split(","),
  resources: resources.split(","),
  ...more,
});
const role = (name: string, namespace: string, ...rules: Fields[]) =>
  object("Role", name, { rules }, namespace);
const clusterRole = (name: string, ...rules: Fields[]) => object("ClusterRole", name, { rules });
const user = (name: string) => ({ kind: "User", apiGroup: group, name });
const bind = (name: string, to: Fields, ref: string, namespace = "") => {
  const [kind, refName] = ref.split("/");
  const roleRef = { apiGroup: group, kind, name: refName };
  return object(
    namespace === "" ? "ClusterRoleBinding" : "RoleBinding",
    name,
    { roleRef, subjects: [to] },
    namespace,
  );
};

const jane: UserInfo = { name: "jane", groups: ["devs", "system:authenticated"] };
const asks = (verb: string, what: string, namespace = "", name = ""): RequestAttributes => {
  const [resource = "", subresource] = what.split("/");
  const optional = {
    ...(subresource === undefined ? {} : { subresource }),
    ...(namespace === "" ? {} : { namespace }),
    ...(name === "" ? {} : { name }),
  };
  return { verb, group: "", version: "v1", resource, ...optional };
};

describe("a rule", () => {
  const cases: readonly (readonly [string, Fields, RequestAttributes, boolean])[] = [
    ["names verb and resource", rule("get", "pods"), asks("get", "pods", "a"), true],
    ["another verb", rule("get", "pods"), asks("list", "pods", "a"), false],
    ["any verb", rule("*", "pods"), asks("deletecollection", "pods"), true],
    ["another resource", rule("get", "pods"), asks("get", "secrets"), false],
    ["any resource", rule("get", "*"), asks("get", "secrets"), true],
    ["any resource is any subresource", rule("get", "*"), asks("get", "pods/log"), true],
    ["a resource is not its subresource", rule("create", "pods"), asks("create", "pods/exec"), false],
    ["a subresource", rule("create", "pods/exec"), asks("create", "pods/exec"), true],
    ["a subresource is not its resource", rule("create", "pods/exec"), asks("create", "pods"), false],
    ["one subresource of everything", rule("get", "*/scale"), asks("get", "deployments/scale"), true],
    ["there is no star for subresources", rule("get", "pods/*"), asks("get", "pods/log"), false],
    ["another group", rule("get", "pods", { apiGroups: ["apps"] }), asks("get", "pods"), false],
    ["any group", rule("get", "pods", { apiGroups: ["*"] }), asks("get", "pods"), true],
    ["a named object", rule("get", "pods", { resourceNames: ["x"] }), asks("get", "pods", "a", "x"), true],
    ["another object", rule("get", "pods", { resourceNames: ["x"] }), asks("get", "pods", "a", "y"), false],
    [
      "a named object does not allow a list",
      rule("list", "pods", { resourceNames: ["x"] }),
      asks("list", "pods"),
      false,
    ],
    ["a path", { nonResourceURLs: ["/healthz"], verbs: ["get"] }, { verb: "get", path: "/healthz" }, true],
    ["below a path", { nonResourceURLs: ["/api/*"], verbs: ["get"] }, { verb: "get", path: "/api/v1" }, true],
    [
      "not the path itself",
      { nonResourceURLs: ["/api/*"], verbs: ["get"] },
      { verb: "get", path: "/api" },
      false,
    ],
    ["another path", { nonResourceURLs: ["/api"], verbs: ["get"] }, { verb: "get", path: "/apis" }, false],
    ["any path", { nonResourceURLs: ["*"], verbs: ["*"] }, { verb: "post", path: "/x" }, true],
    ["any resource is no path", rule("*", "*", { apiGroups: ["*"] }), { verb: "get", path: "/x" }, false],
    ["any path is no resource", { nonResourceURLs: ["*"], verbs: ["*"] }, asks("get", "pods"), false],
  ];
  it.each(cases)("%s", (_, granted, attributes, allowed) => {
    put(clusterRole("r", granted));
    put(bind("b", user("jane"), "ClusterRole/r"));
    expect(authorizer.authorize(jane, attributes).allowed).toBe(allowed);
  });
});

describe("a binding", () => {
  it("tells its reason", () => {
    put(clusterRole("reader", rule("get", "pods")));
    put(role("own", "a", rule("get", "secrets")));
    put(bind("b1", user("jane"), "ClusterRole/reader"));
    put(bind("b2", { kind: "ServiceAccount", name: "robot" }, "Role/own", "a"));
    const robot = { name: "system:serviceaccount:a:robot", groups: [] };
    expect(authorizer.authorize(jane, asks("get", "pods", "x"))).toEqual({
      allowed: true,
      reason: 'RBAC: allowed by ClusterRoleBinding "b1" of ClusterRole "reader" to User "jane"',
    });
    expect(authorizer.authorize(robot, asks("get", "secrets", "a"))).toEqual({
      allowed: true,
      reason: 'RBAC: allowed by RoleBinding "b2/a" of Role "own" to ServiceAccount "robot/a"',
    });
    expect(authorizer.authorize(robot, asks("get", "secrets", "b"))).toEqual({ allowed: false, reason: "" });
  });

  it("in a namespace allows only there, also with a cluster role", () => {
    put(clusterRole("reader", rule("get,list", "pods"), { nonResourceURLs: ["*"], verbs: ["*"] }));
    put(bind("b", { kind: "Group", name: "devs" }, "ClusterRole/reader", "a"));
    expect(authorizer.authorize(jane, asks("list", "pods", "a")).allowed).toBe(true);
    expect(authorizer.authorize(jane, asks("list", "pods", "b")).allowed).toBe(false);
    expect(authorizer.authorize(jane, asks("list", "pods")).allowed).toBe(false);
    expect(authorizer.authorize(jane, { verb: "get", path: "/metrics" }).allowed).toBe(false);
  });

  it("to a role that is not there says so", () => {
    put(bind("b", user("jane"), "Role/gone", "a"));
    expect(authorizer.authorize(jane, asks("get", "pods", "a"))).toEqual({
      allowed: false,
      reason: 'RBAC: role.rbac.authorization.k8s.io "gone" not found',
    });
  });

  it("counts from the moment it is written until it is removed", () => {
    const may = () => authorizer.authorize(jane, asks("get", "pods", "a")).allowed;
    put(bind("b", user("jane"), "ClusterRole/r"));
    expect(may()).toBe(false);
    put(clusterRole("r", rule("get", "pods")));
    expect(may()).toBe(true);
    put(bind("b", user("joe"), "ClusterRole/r"));
    expect(may()).toBe(false);
    put(bind("b", user("jane"), "ClusterRole/r"));
    expect(may()).toBe(true);
    store.delete(key(clusterRole("r")));
    expect(may()).toBe(false);
  });
});

it("lets superusers do everything, whatever is stored", () => {
  const master = { name: "x", groups: ["system:masters"] };
  expect(authorizer.authorize(master, asks("delete", "nodes"))).toEqual({ allowed: true, reason: "" });
});

it("lists the rules that hold in a namespace", () => {
  put(clusterRole("reader", rule("get", "pods"), { nonResourceURLs: ["/x"], verbs: ["get"] }));
  put(role("own", "a", rule("*", "secrets", { resourceNames: ["s"] })));
  put(bind("b1", user("jane"), "ClusterRole/reader"));
  put(bind("b2", user("jane"), "Role/own", "a"));
  const pods = { verbs: ["get"], apiGroups: [""], resources: ["pods"] };
  const secrets = { verbs: ["*"], apiGroups: [""], resources: ["secrets"], resourceNames: ["s"] };
  const nonResourceRules = [{ verbs: ["get"], nonResourceURLs: ["/x"] }];
  expect(authorizer.rulesFor(jane, "a")).toEqual({
    resourceRules: [pods, secrets],
    nonResourceRules,
    incomplete: false,
  });
  expect(authorizer.rulesFor(jane, "b").resourceRules).toEqual([pods]);
});

it("agrees with who reads everything stored anew for each question, through any changes", () => {
  const pick = <T>(...values: readonly T[]) => fc.constantFrom(...values);
  const some = (...values: readonly string[]) => fc.subarray([...values], { minLength: 1 });
  const namespace = pick("a", "b");
  const anyRule = fc.oneof(
    fc.record({
      verbs: some("get", "list", "*"),
      apiGroups: some("", "apps", "*"),
      resources: some("pods", "pods/log", "*/log", "*"),
      resourceNames: fc.subarray(["x"]),
    }),
    fc.record({ verbs: some("get", "*"), nonResourceURLs: some("/x", "/x/*", "*") }),
  );
  const subject = fc.oneof(
    fc.record({
      kind: pick("User", "Group"),
      name: pick("jane", "devs", "joe", "system:serviceaccount:a:jane"),
    }),
    fc.record({ kind: pick("ServiceAccount"), name: pick("jane"), namespace: pick("", "a", "b") }),
  );
  const roleRef = fc.record({ kind: pick("Role", "ClusterRole"), name: pick("r", "s") });
  const anyObject = fc.oneof(
    fc.record({ kind: pick("Role"), namespace, rules: fc.array(anyRule, { maxLength: 2 }) }),
    fc.record({ kind: pick("ClusterRole"), namespace: pick(""), rules: fc.array(anyRule, { maxLength: 2 }) }),
    fc.record({
      kind: pick("RoleBinding"),
      namespace,
      roleRef,
      subjects: fc.array(subject, { maxLength: 2 }),
    }),
    fc.record({
      kind: pick("ClusterRoleBinding"),
      namespace: pick(""),
      roleRef,
      subjects: fc.array(subject, { maxLength: 2 }),
    }),
  );
  const change = fc.record({ put: fc.boolean(), name: pick("r", "s"), object: anyObject });
  const question = fc.oneof(
    fc.record({
      verb: pick("get", "list"),
      group: pick("", "apps"),
      version: pick("v1"),
      resource: pick("pods", "secrets"),
      namespace: pick("a", "b", ""),
      name: pick("x", "y", ""),
    }),
    fc.record({
      verb: pick("get"),
      group: pick(""),
      version: pick("v1"),
      resource: pick("pods"),
      subresource: pick("log"),
    }),
    fc.record({ verb: pick("get", "post"), path: pick("/x", "/x/y", "/z") }),
  );
  const asker = fc.record({
    name: pick("jane", "joe", "system:serviceaccount:a:jane"),
    groups: fc.subarray(["devs", "joe"]),
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(change, asker, question), { maxLength: 12 }), (steps) => {
      store = new Store({ history: 2 });
      authorizer = new RbacAuthorizer(new RbacIndex(store));
      for (const [{ put: putting, name, object: fields }, who, what] of steps) {
        const { kind, namespace: where, ...rest } = fields;
        const stored = object(kind, name, rest, where);
        if (putting) put(stored);
        else store.delete(key(stored));
        const everything = Object.values(plurals).flatMap((plural) => store.list(`${plural}.${group}`).items);
        expect(authorizer.authorize(who, what).allowed).toBe(naiveAllows(everything, who, what));
      }
    }),
    { seed: 34, numRuns: 300 },
  );
});
