import type { IncomingMessage } from "node:http";
import { forbiddenRequest, unauthorized } from "./forbidden-request.ts";
import { requestAttributes } from "./request-attributes.ts";
import type { Access, UserInfo } from "./user.ts";

/**
 * Who makes the request, after it is sure that they may make it. Comes before anything else that is done with a request.
 * Throws Unauthorized or Forbidden.
 */
export function admit(request: IncomingMessage, access: Access): UserInfo {
  const user = access.authenticate(request);
  if (user === undefined) throw unauthorized();
  const attributes = requestAttributes(request.method ?? "GET", request.url ?? "/");
  const decision = access.authorizer.authorize(user, attributes);
  if (!decision.allowed) throw forbiddenRequest(user, attributes, decision);
  return user;
}
