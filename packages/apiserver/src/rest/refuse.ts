import type { Registry } from "../registry/registry.ts";
import { apiVersionOf } from "../registry/resource-def.ts";
import { StatusError } from "../status.ts";

/**
 * A path that leads nowhere, with the name of what is not there. The details stand empty, not absent: kubectl reads them to
 * tell a path that is not served from an object that was not found (`kubectl debug`), and dies without them.
 */
export function notServed(path: string, registry: Registry): StatusError {
  const missing = whatIsMissing(path, registry);
  const message = "the server could not find the requested resource";
  return new StatusError("NotFound", missing === undefined ? message : `${message}: ${missing}`, {});
}

export function methodNotAllowed(): StatusError {
  return new StatusError(
    "MethodNotAllowed",
    "the server does not allow this method on the requested resource",
  );
}

/** Undefined when the path names nothing that there could be. */
function whatIsMissing(path: string, { defs }: Registry): string | undefined {
  const [, root, ...rest] = path.split("/");
  const group = root === "apis" ? (rest.shift() ?? "") : "";
  const inGroup = defs.filter((def) => def.group === group);
  if (inGroup.length === 0) return `this server has no API group ${JSON.stringify(group)}`;
  const version = rest.shift() ?? "";
  const asked = apiVersionOf({ group, version });
  const inVersion = inGroup.filter((def) => def.version === version);
  if (inVersion.length === 0) {
    const versions = [...new Set(inGroup.map(apiVersionOf))].sort().join(", ");
    return `this server has no ${asked}, but ${versions}`;
  }
  const [plural = "", , subresource] = rest[0] === "namespaces" && rest.length > 2 ? rest.slice(2) : rest;
  if (!inVersion.some((def) => def.plural === plural)) {
    return plural === "" ? undefined : `this server has no ${plural} in ${asked}`;
  }
  return subresource ? `this server has no ${plural}/${subresource}` : undefined;
}
