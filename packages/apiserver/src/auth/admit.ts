import type { IncomingMessage } from "node:http";
import { forbiddenRequest, unauthorized } from "./forbidden-request.ts";
import { requestAttributes } from "./request-attributes.ts";
import type { Access, Decision, RequestAttributes, UserInfo } from "./user.ts";

/** What was found out about a request. */
export interface Admission {
  readonly user: UserInfo;
  readonly attributes: RequestAttributes;
  readonly decision: Decision;
}

const admissions = new WeakMap<IncomingMessage, Admission>();

/** What `admit` found out; undefined for a request that nobody known made. */
export function admissionOf(request: IncomingMessage): Admission | undefined {
  return admissions.get(request);
}

/**
 * Who makes the request, after it is sure that they may make it. Comes before anything else that is done with a request.
 * Throws Unauthorized or Forbidden.
 */
export function admit(request: IncomingMessage, access: Access): UserInfo {
  const user = access.authenticate(request);
  if (user === undefined) throw unauthorized();
  const attributes = requestAttributes(request.method ?? "GET", request.url ?? "/");
  const decision = access.authorizer.authorize(user, attributes);
  admissions.set(request, { user, attributes, decision });
  if (!decision.allowed) throw forbiddenRequest(user, attributes, decision);
  return user;
}
