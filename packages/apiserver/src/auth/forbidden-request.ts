import { StatusError } from "../status.ts";
import type { Decision, RequestAttributes, UserInfo } from "./user.ts";

/** The refusal of a request that the user may not make, in the API server's words. */
export function forbiddenRequest(
  user: UserInfo,
  attributes: RequestAttributes,
  decision: Decision,
): StatusError {
  const why = decision.reason === "" ? "" : `: ${decision.reason}`;
  if ("path" in attributes) {
    const what = `User "${user.name}" cannot ${attributes.verb} path "${attributes.path}"`;
    return new StatusError("Forbidden", `forbidden: ${what}${why}`, {});
  }
  const { verb, group, resource, subresource, namespace = "", name = "" } = attributes;
  const full = subresource === undefined ? resource : `${resource}/${subresource}`;
  const where = namespace === "" ? "at the cluster scope" : `in the namespace "${namespace}"`;
  const what = `User "${user.name}" cannot ${verb} resource "${full}" in API group "${group}" ${where}`;
  const subject = `${group === "" ? resource : `${resource}.${group}`}${name === "" ? "" : ` "${name}"`}`;
  return new StatusError("Forbidden", `${subject} is forbidden: ${what}${why}`, {
    ...(name === "" ? {} : { name }),
    ...(group === "" ? {} : { group }),
    kind: resource,
  });
}

/** The refusal of a request that nobody known makes. */
export function unauthorized(): StatusError {
  return new StatusError("Unauthorized", "Unauthorized");
}
