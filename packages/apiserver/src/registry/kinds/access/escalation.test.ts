import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ApiObject } from "../../../api-object.ts";
import { ApiServer } from "../../../api-server.ts";
import { systemMaster, type UserInfo } from "../../../auth/user.ts";

const rbac = "rbac.authorization.k8s.io";
const jane: UserInfo = { name: "jane", groups: ["system:authenticated"] };
const pods = (...verbs: string[]) => ({ apiGroups: [""], resources: ["pods"], verbs });

let api: ApiServer;
beforeEach(() => {
  api = new ApiServer({ clusterCidrs: { services: ["10.96.0.0/16"] } });
  write("roles", "own", { rules: [pods("get", "list")] });
  write("rolebindings", "own", {
    roleRef: { kind: "Role", name: "own" },
    subjects: [{ kind: "User", name: "jane" }],
  });
});
afterEach(() => api.close());

/** Creates or replaces; in the namespace `default` unless the kind has none. */
function write(plural: string, name: string, fields: object, user: UserInfo = systemMaster): ApiObject {
  const def = api.registry.find(rbac, "v1", plural)!;
  const namespace = def.namespaced ? "default" : "";
  const object = { apiVersion: `${rbac}/v1`, kind: def.kind, metadata: { name }, ...fields } as ApiObject;
  if (api.registry.peek(def, name, namespace) === undefined)
    return api.registry.create(def, object, namespace, { user });
  return api.registry.update(def, object, name, namespace, { user });
}

const toJoe = (kind: string, name: string) => ({
  roleRef: { apiGroup: rbac, kind, name },
  subjects: [{ apiGroup: rbac, kind: "User", name: "joe" }],
});

describe("a role", () => {
  it("may hold what its writer holds, and no more", () => {
    write("roles", "less", { rules: [pods("get")] }, jane);
    const more = { rules: [pods("get", "delete"), { ...pods("list"), apiGroups: ["", "apps"] }] };
    expect(() => write("roles", "more", more, jane)).toThrow(
      'roles.rbac.authorization.k8s.io "more" is forbidden: user "jane" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n' +
        '{APIGroups:[""], Resources:["pods"], Verbs:["delete"]}\n' +
        '{APIGroups:["apps"], Resources:["pods"], Verbs:["list"]}',
    );
    expect(() => write("clusterroles", "less", { rules: [pods("get")] }, jane)).toThrow("not currently held");
    expect(() => write("roles", "less", { rules: [pods("*")] }, jane)).toThrow("not currently held");
    expect(() =>
      write("clusterroles", "path", { rules: [{ nonResourceURLs: ["/x"], verbs: ["get"] }] }, jane),
    ).toThrow('{NonResourceURLs:["/x"], Verbs:["get"]}');
  });

  it("can be labelled by who does not change its rules", () => {
    write("roles", "strong", { rules: [pods("*")] });
    const metadata = { name: "strong", labels: { team: "a" } };
    expect(write("roles", "strong", { metadata, rules: [pods("*")] }, jane).metadata.labels).toEqual({
      team: "a",
    });
  });

  it("that aggregates needs everything", () => {
    const aggregationRule = { clusterRoleSelectors: [{ matchLabels: { a: "b" } }] };
    expect(() => write("clusterroles", "all", { aggregationRule }, jane)).toThrow("not currently held");
    write("clusterroles", "all", { aggregationRule }, systemMaster);
  });

  it("is free for who may escalate", () => {
    write("clusterroles", "escalator", {
      rules: [{ apiGroups: [rbac], resources: ["roles"], verbs: ["escalate"] }],
    });
    write("rolebindings", "escalators", {
      ...toJoe("ClusterRole", "escalator"),
      subjects: [{ kind: "User", name: "jane" }],
    });
    write("roles", "more", { rules: [pods("*")] }, jane);
    expect(() => write("clusterroles", "more", { rules: [pods("*")] }, jane)).toThrow("not currently held");
  });
});

describe("a binding", () => {
  it("may give the rules that its writer holds, and no more", () => {
    write("rolebindings", "fine", toJoe("Role", "own"), jane);
    expect(() => write("clusterrolebindings", "everywhere", toJoe("ClusterRole", "view"), jane)).toThrow(
      'clusterrolebindings.rbac.authorization.k8s.io "everywhere" is forbidden: user "jane"',
    );
    expect(() => write("rolebindings", "more", toJoe("ClusterRole", "edit"), jane)).toThrow(
      "not currently held",
    );
    expect(() => write("rolebindings", "none", toJoe("Role", "none"), jane)).toThrow('"none" not found');
    write("rolebindings", "later", toJoe("Role", "none"), systemMaster);
  });

  it("is free for who may bind the role", () => {
    const rule = { apiGroups: [rbac], resources: ["clusterroles"], resourceNames: ["edit"], verbs: ["bind"] };
    write("roles", "binder", { rules: [rule] });
    write("rolebindings", "binders", {
      ...toJoe("Role", "binder"),
      subjects: [{ kind: "User", name: "jane" }],
    });
    write("rolebindings", "more", toJoe("ClusterRole", "edit"), jane);
    expect(() => write("rolebindings", "most", toJoe("ClusterRole", "admin"), jane)).toThrow(
      "not currently held",
    );
  });
});
