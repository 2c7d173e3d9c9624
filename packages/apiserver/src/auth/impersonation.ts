import type { IncomingMessage } from "node:http";
import { StatusError } from "../status.ts";
import { forbiddenRequest } from "./forbidden-request.ts";
import { serviceAccountUser } from "./tokens/service-account-tokens.ts";
import type { Authorizer, RequestAttributes, UserInfo } from "./user.ts";

const prefix = "impersonate-";
const extraPrefix = "impersonate-extra-";

/** Every value of each header, by its name in lower case. */
type Headers = IncomingMessage["headersDistinct"];

/**
 * Whom the request's `Impersonate-…` headers say it is made as (`kubectl --as`): the user itself when there are none.
 * Throws Forbidden unless the user may impersonate all of it, BadRequest for headers that are wrong.
 */
export function impersonated(user: UserInfo, headers: Headers, authorizer: Authorizer): UserInfo {
  if (!Object.keys(headers).some((name) => name.startsWith(prefix))) return user;
  const name = headers["impersonate-user"]?.[0] ?? "";
  const groups = headers["impersonate-group"] ?? [];
  const uid = headers["impersonate-uid"]?.[0];
  const extra = extraOf(headers);
  if (name === "")
    throw new StatusError("BadRequest", "requested impersonation without impersonating a user");
  const requests = [userRequest(name), ...groups.map((group) => requestFor("groups", group))];
  for (const [key, all] of Object.entries(extra))
    for (const value of all)
      requests.push({ ...requestFor("userextras", value, authentication), subresource: key });
  if (uid !== undefined) requests.push(requestFor("uids", uid, authentication));
  for (const request of requests) {
    const decision = authorizer.authorize(user, request);
    if (!decision.allowed) throw forbiddenRequest(user, request, decision);
  }
  const target = {
    ...withStandardGroups(name, groups),
    ...(uid === undefined ? {} : { uid }),
    ...withExtra(extra),
  };
  impersonators.set(target, user);
  return target;
}

const impersonators = new WeakMap<UserInfo, UserInfo>();

/** Who goes by this user in truth; undefined for a user that is itself. */
export function impersonatorOf(user: UserInfo): UserInfo | undefined {
  return impersonators.get(user);
}

const authentication = "authentication.k8s.io";
const serviceAccountName = /^system:serviceaccount:([^:]+):([^:]+)$/;

function userRequest(name: string): RequestAttributes {
  const [, namespace, account] = serviceAccountName.exec(name) ?? [];
  if (namespace === undefined || account === undefined) return requestFor("users", name);
  return { ...requestFor("serviceaccounts", account), namespace };
}

function requestFor(resource: string, name: string, group = "") {
  return { verb: "impersonate", group, version: group === "" ? "" : "v1", resource, name };
}

/** Whoever is impersonated is also in the groups that it would be in by itself, unless groups are named. */
function withStandardGroups(name: string, groups: readonly string[]): UserInfo {
  const [, namespace, account] = serviceAccountName.exec(name) ?? [];
  if (groups.length === 0 && namespace !== undefined && account !== undefined)
    return serviceAccountUser(namespace, account);
  if (name === "system:anonymous")
    return { name, groups: [...new Set([...groups, "system:unauthenticated"])] };
  return { name, groups: [...new Set([...groups, "system:authenticated"])] };
}

function extraOf(headers: Headers): Readonly<Record<string, readonly string[]>> {
  const names = Object.keys(headers).filter((name) => name.startsWith(extraPrefix));
  return Object.fromEntries(
    names.map((name) => [decode(name.slice(extraPrefix.length)), headers[name] ?? []]),
  );
}

function withExtra(extra: Readonly<Record<string, readonly string[]>>) {
  return Object.keys(extra).length === 0 ? {} : { extra };
}

/** Keys that are no header names come percent-encoded. */
function decode(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}
