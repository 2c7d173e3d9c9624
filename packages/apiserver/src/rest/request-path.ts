import type { Registry } from "../registry/registry.ts";
import type { ResourceDef } from "../registry/resource-def.ts";

/** What a path below /api and /apis names. */
export interface ResourcePath {
  readonly def: ResourceDef;
  /** Absent: all namespaces, or a cluster-scoped kind. */
  readonly namespace?: string;
  /** Absent: the collection. */
  readonly name?: string;
  readonly subresource?: string;
}

/** The path of one object. */
export interface ObjectPath extends ResourcePath {
  readonly name: string;
}

/**
 * Reads `/api/v1/…` and `/apis/GROUP/VERSION/…`, then `[namespaces/NS/]PLURAL[/NAME[/SUBRESOURCE]]`, after
 * which `proxy` takes any path. Undefined for what
 * is no such path or no kind that is served. Throws URIError for a broken percent-encoding.
 */
export function parseResourcePath(path: string, registry: Registry): ResourcePath | undefined {
  const segments = path.split("/").slice(1).map(decodeURIComponent);
  if (segments.at(-1) === "") segments.pop();
  if (segments.includes("")) return undefined;
  const [root, ...afterRoot] = segments;
  if (root !== "api" && root !== "apis") return undefined;
  const group = root === "api" ? "" : (afterRoot.shift() ?? "");
  if (root === "apis" && group === "") return undefined;
  const version = afterRoot.shift() ?? "";
  return (
    inNamespace(afterRoot, (plural) => registry.find(group, version, plural)) ??
    atCluster(afterRoot, (plural) => registry.find(group, version, plural))
  );
}

type Find = (plural: string) => ResourceDef | undefined;

/** `namespaces/NS/PLURAL…`; `namespaces/NS/status` is no such path, because `status` is no kind. */
function inNamespace(segments: readonly string[], find: Find): ResourcePath | undefined {
  const [literal, namespace, plural, ...rest] = segments;
  if (literal !== "namespaces" || namespace === undefined || plural === undefined) return undefined;
  const def = find(plural);
  if (def === undefined || !def.namespaced) return undefined;
  const target = parseTarget(rest);
  return target === undefined ? undefined : { def, namespace, ...target };
}

/** `PLURAL…`; a namespaced kind can only be listed from here. */
function atCluster(segments: readonly string[], find: Find): ResourcePath | undefined {
  const [plural, ...rest] = segments;
  const def = plural === undefined ? undefined : find(plural);
  const target = parseTarget(rest);
  if (def === undefined || target === undefined) return undefined;
  if (def.namespaced && target.name !== undefined) return undefined;
  return { def, ...target };
}

function parseTarget(segments: readonly string[]): { name?: string; subresource?: string } | undefined {
  const [name, subresource, ...more] = segments;
  // What comes after a proxy is the path of who is behind it.
  if (more.length > 0 && subresource !== "proxy") return undefined;
  return { ...(name === undefined ? {} : { name }), ...(subresource === undefined ? {} : { subresource }) };
}
