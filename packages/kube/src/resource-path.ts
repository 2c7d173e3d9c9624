import type { Resource } from "./client.ts";

/** The path of a collection or an object in the API. Without a namespace, a namespaced kind's collection is everywhere. */
export function resourcePath(
  resource: Resource,
  target: {
    readonly namespace?: string | undefined;
    readonly name?: string;
    readonly subresource?: string | undefined;
  } = {},
): string {
  const { group, version, plural, namespaced } = resource;
  const { namespace, name, subresource } = target;
  const segments = group === "" ? ["api", version] : ["apis", group, version];
  if (namespaced && namespace !== undefined) segments.push("namespaces", namespace);
  segments.push(plural);
  if (name !== undefined) segments.push(name);
  if (subresource !== undefined) segments.push(subresource);
  return `/${segments.map(encodeURIComponent).join("/")}`;
}
