import { expect, it } from "vitest";
import { impersonated } from "./impersonation.ts";
import type { Authorizer, RequestAttributes, UserInfo } from "./user.ts";

const admin: UserInfo = { name: "admin", groups: ["system:authenticated"] };

/** Allows what `may` says, and keeps what it was asked. */
function authorizer(may: (attributes: RequestAttributes) => boolean = () => true) {
  const asked: RequestAttributes[] = [];
  const authorize: Authorizer["authorize"] = (_, attributes) => {
    asked.push(attributes);
    return { allowed: may(attributes), reason: "" };
  };
  return {
    asked,
    authorize,
    rulesFor: () => ({ resourceRules: [], nonResourceRules: [], incomplete: false }),
  };
}

it("is the user itself without such headers", () => {
  const asked = authorizer(() => false);
  expect(impersonated(admin, { accept: ["*/*"] }, asked)).toBe(admin);
  expect(asked.asked).toEqual([]);
});

it("is whom the headers name, once all of it is allowed", () => {
  const all = authorizer();
  const headers = {
    "impersonate-user": ["jane"],
    "impersonate-group": ["devs", "ops"],
    "impersonate-uid": ["7"],
    "impersonate-extra-example.com%2fscopes": ["view", "edit"],
  };
  expect(impersonated(admin, headers, all)).toEqual({
    name: "jane",
    groups: ["devs", "ops", "system:authenticated"],
    uid: "7",
    extra: { "example.com/scopes": ["view", "edit"] },
  });
  const verb = { verb: "impersonate" };
  const authentication = { ...verb, group: "authentication.k8s.io", version: "v1" };
  expect(all.asked).toEqual([
    { ...verb, group: "", version: "", resource: "users", name: "jane" },
    { ...verb, group: "", version: "", resource: "groups", name: "devs" },
    { ...verb, group: "", version: "", resource: "groups", name: "ops" },
    { ...authentication, resource: "userextras", subresource: "example.com/scopes", name: "view" },
    { ...authentication, resource: "userextras", subresource: "example.com/scopes", name: "edit" },
    { ...authentication, resource: "uids", name: "7" },
  ]);
});

it("knows the groups of a service account, unless groups are named", () => {
  const name = "system:serviceaccount:team:robot";
  const robot = authorizer();
  expect(impersonated(admin, { "impersonate-user": [name] }, robot)).toEqual({
    name,
    groups: ["system:serviceaccounts", "system:serviceaccounts:team", "system:authenticated"],
  });
  expect(robot.asked).toMatchObject([{ resource: "serviceaccounts", namespace: "team", name: "robot" }]);
  const headers = { "impersonate-user": [name], "impersonate-group": ["g"] };
  expect(impersonated(admin, headers, authorizer()).groups).toEqual(["g", "system:authenticated"]);
  expect(impersonated(admin, { "impersonate-user": ["system:anonymous"] }, authorizer()).groups).toEqual([
    "system:unauthenticated",
  ]);
});

it("refuses in the API server's words", () => {
  const noGroups = authorizer(
    (attributes) => !("resource" in attributes && attributes.resource === "groups"),
  );
  const headers = { "impersonate-user": ["jane"], "impersonate-group": ["system:masters"] };
  expect(() => impersonated(admin, headers, noGroups)).toThrow(
    'groups "system:masters" is forbidden: User "admin" cannot impersonate resource "groups" in API group "" at the cluster scope',
  );
  for (const alone of ["impersonate-group", "impersonate-uid", "impersonate-extra-x"])
    expect(() => impersonated(admin, { [alone]: ["x"] }, authorizer())).toThrow(
      "without impersonating a user",
    );
});
