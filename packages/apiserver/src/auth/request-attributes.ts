import { booleanParam } from "../rest/query.ts";
import type { RequestAttributes } from "./user.ts";

const verbs: Readonly<Record<string, string>> = {
  POST: "create",
  GET: "get",
  HEAD: "get",
  PUT: "update",
  PATCH: "patch",
  DELETE: "delete",
};

/**
 * What a request wants to do, as the authorizer asks: read off its method and URL, for any resource, known or not, so
 * that who may do nothing learns nothing of what exists. Throws BadRequest for a `watch` that is no boolean.
 */
export function requestAttributes(method: string, url: string): RequestAttributes {
  const [path = "/", text = ""] = splitOnce(url);
  const nonResource = { verb: method.toLowerCase(), path };
  const verb = verbs[method];
  const segments = decoded(path);
  if (verb === undefined || segments === undefined) return nonResource;
  const [root, ...rest] = segments;
  const group = root === "apis" ? rest.shift() : root === "api" ? "" : undefined;
  const [version, ...named] = rest;
  if (group === undefined || version === undefined || named.length === 0) return nonResource;
  const query = new URLSearchParams(text);
  const { namespace, resource, name, subresource } = readTarget(named);
  const about = name ?? (verb === "create" ? undefined : selectedName(query));
  return {
    verb: collectionVerb(verb, name, query),
    group,
    version,
    resource,
    ...(subresource === undefined ? {} : { subresource }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(about === undefined ? {} : { name: about }),
  };
}

interface Target {
  readonly namespace?: string;
  readonly resource: string;
  readonly name?: string;
  readonly subresource?: string;
}

/** `namespaces/NS/RESOURCE…` is in the namespace; `namespaces/NS[/status|finalize]` is about the namespace itself. */
function readTarget(segments: readonly string[]): Target {
  const [first, namespace, third] = segments;
  const ofNamespace = first === "namespaces" && namespace !== undefined;
  const inNamespace = ofNamespace && third !== undefined && third !== "status" && third !== "finalize";
  const [resource = "", name, subresource] = inNamespace ? segments.slice(2) : segments;
  return {
    ...(ofNamespace ? { namespace } : {}),
    resource,
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

function collectionVerb(verb: string, name: string | undefined, query: URLSearchParams): string {
  if (name !== undefined) return verb;
  if (verb === "get") return booleanParam(query, "watch") ? "watch" : "list";
  return verb === "delete" ? "deletecollection" : verb;
}

/** A list of the one object that a field selector names counts as being about it (`kubectl get pod x --watch`). */
function selectedName(query: URLSearchParams): string | undefined {
  return /^metadata\.name==?([^,=!\\]+)$/.exec(query.get("fieldSelector") ?? "")?.[1];
}

function splitOnce(url: string): readonly string[] {
  const mark = url.indexOf("?");
  return mark < 0 ? [url] : [url.slice(0, mark), url.slice(mark + 1)];
}

/** As the router reads it; undefined for a path with an empty segment or a broken escape, which is no resource's. */
function decoded(path: string): string[] | undefined {
  try {
    const segments = path.split("/").slice(1).map(decodeURIComponent);
    if (segments.at(-1) === "") segments.pop();
    return segments.includes("") ? undefined : segments;
  } catch {
    return undefined;
  }
}
