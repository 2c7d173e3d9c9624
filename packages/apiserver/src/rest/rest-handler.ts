import type { IncomingMessage, ServerResponse } from "node:http";
import type { ApiObject } from "../api-object.ts";
import { admit } from "../auth/admit.ts";
import type { Access } from "../auth/user.ts";
import { asRecord } from "../json.ts";
import type { Preconditions } from "../registry/deletion.ts";
import { expired } from "../registry/refusals.ts";
import type { Registry, Scope } from "../registry/registry.ts";
import { apiVersionOf, type ResourceDef } from "../registry/resource-def.ts";
import { StatusError } from "../status.ts";
import { encodeObject } from "./encode.ts";
import { booleanParam, numberParam, refuseUnsupported, selectorParams } from "./query.ts";
import { readJsonBody } from "./request-body.ts";
import { parseResourcePath, type ResourcePath } from "./request-path.ts";
import { streamWatch } from "./watch-stream.ts";

const version = {
  major: "1",
  minor: "36",
  gitVersion: "v1.36.0+portcullis",
  gitCommit: "",
  gitTreeState: "",
  buildDate: "1970-01-01T00:00:00Z",
  goVersion: "",
  compiler: "node",
  platform: `${process.platform}/${process.arch}`,
};

export interface RestOptions {
  readonly registry: Registry;
  readonly access: Access;
  readonly bookmarkEveryMs: number;
}

/** Answers one request. Failures of the request are answered with a Status; our own with 500 and no details. */
export async function handleRequest(
  request: IncomingMessage,
  response: ServerResponse,
  options: RestOptions,
): Promise<void> {
  try {
    admit(request, options.access);
    await route(request, response, options);
  } catch (error) {
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    const answer = error instanceof StatusError ? error : fault(error);
    // What is left of a refused body is read and dropped; the connection is of no further use.
    if (!request.complete) response.setHeader("connection", "close");
    send(response, answer.status.code, JSON.stringify(answer.status));
  }
}

async function route(
  request: IncomingMessage,
  response: ServerResponse,
  options: RestOptions,
): Promise<void> {
  const { path, query } = splitUrl(request.url ?? "/");
  const reading = request.method === "GET" || request.method === "HEAD";
  if (reading && ["/healthz", "/livez", "/readyz"].includes(path)) return sendText(response, "ok");
  if (reading && path === "/version") return send(response, 200, JSON.stringify(version));
  const target = readPath(path, options.registry);
  if (target === undefined)
    throw new StatusError("NotFound", "the server could not find the requested resource");
  refuseUnsupported(query);
  if (target.subresource !== undefined) return onSubresource(request, response, target, options.registry);
  const verb = `${request.method === "HEAD" ? "GET" : request.method} ${target.name === undefined ? "collection" : "object"}`;
  switch (verb) {
    case "GET collection":
      return booleanParam(query, "watch")
        ? watchCollection(response, target, query, options)
        : sendList(response, target, query, options.registry);
    case "GET object":
      return sendObject(response, 200, options.registry.get(target.def, target.name!, target.namespace));
    case "POST collection":
      return create(request, response, target, options.registry);
    case "PUT object":
      return replace(request, response, target, options.registry);
    case "DELETE object":
      return remove(request, response, target, options.registry);
    default:
      throw methodNotAllowed(request.method);
  }
}

async function onSubresource(
  request: IncomingMessage,
  response: ServerResponse,
  target: ResourcePath,
  registry: Registry,
): Promise<void> {
  const { def, name, namespace, subresource } = target;
  if ((subresource !== "status" && subresource !== "finalize") || !def.subresources.includes(subresource)) {
    throw new StatusError("NotFound", "the server could not find the requested resource");
  }
  if (request.method === "GET") return sendObject(response, 200, registry.get(def, name!, namespace));
  if (request.method !== "PUT") throw methodNotAllowed(request.method);
  const object = readObject(await readJsonBody(request), def);
  sendObject(response, 200, registry.update(def, object, name!, namespace, { subresource }));
}

async function create(
  request: IncomingMessage,
  response: ServerResponse,
  { def, namespace }: ResourcePath,
  registry: Registry,
): Promise<void> {
  const object = readObject(await readJsonBody(request), def);
  if (def.namespaced && namespace === undefined) throw methodNotAllowed(request.method);
  sendObject(response, 201, registry.create(def, object, namespace));
}

async function replace(
  request: IncomingMessage,
  response: ServerResponse,
  { def, namespace, name }: ResourcePath,
  registry: Registry,
): Promise<void> {
  const object = readObject(await readJsonBody(request), def);
  sendObject(response, 200, registry.update(def, object, name!, namespace));
}

async function remove(
  request: IncomingMessage,
  response: ServerResponse,
  { def, namespace, name }: ResourcePath,
  registry: Registry,
): Promise<void> {
  const options = (await readJsonBody(request)) ?? {};
  if (options.dryRun !== undefined) {
    throw new StatusError("NotImplemented", "dryRun is not supported by this server");
  }
  const asked = asRecord(options.preconditions) as Preconditions;
  sendObject(response, 200, registry.delete(def, name!, namespace, { preconditions: asked }));
}

function sendList(
  response: ServerResponse,
  target: ResourcePath,
  query: URLSearchParams,
  registry: Registry,
): void {
  const { def } = target;
  const { items, revision } = registry.list(def, scopeOf(target, query));
  const asked = numberParam(query, "resourceVersion");
  if (asked !== undefined && asked > revision) throw tooLarge(asked, revision);
  if (query.get("resourceVersionMatch") === "Exact" && asked !== revision)
    throw expired(asked ?? 0, revision);
  const head = JSON.stringify({
    kind: `${def.kind}List`,
    apiVersion: apiVersionOf(def),
    metadata: { resourceVersion: String(revision) },
  });
  send(response, 200, `${head.slice(0, -1)},"items":[${items.map(encodeObject).join(",")}]}`);
}

async function watchCollection(
  response: ServerResponse,
  target: ResourcePath,
  query: URLSearchParams,
  { registry, bookmarkEveryMs }: RestOptions,
): Promise<void> {
  const { def } = target;
  const scope = scopeOf(target, query);
  const since = numberParam(query, "resourceVersion") ?? 0;
  const markInitialEnd = booleanParam(query, "sendInitialEvents");
  const seconds = numberParam(query, "timeoutSeconds");
  const bookmarks = booleanParam(query, "allowWatchBookmarks");
  // Without a revision, the objects that exist are told first.
  const fromState = since === 0 || markInitialEnd;
  const { items, revision } = fromState ? registry.list(def, scope) : { items: [], revision: since };
  await streamWatch(response, registry.watch(def, revision, scope), {
    def,
    initial: items,
    markInitialEnd,
    ...(bookmarks ? { bookmarkEveryMs } : {}),
    ...(seconds === undefined || seconds === 0
      ? {}
      : { timeoutMs: Math.min(seconds, maxTimeoutSeconds) * 1000 }),
  });
}

/** What a timer can hold, in seconds. */
const maxTimeoutSeconds = 2_000_000;

/** A name in the path of a collection does not occur; a selector narrows what the path names. */
function scopeOf({ def, namespace }: ResourcePath, query: URLSearchParams): Scope {
  const matches = selectorParams(query, def);
  return { ...(namespace === undefined ? {} : { namespace }), ...(matches === undefined ? {} : { matches }) };
}

/** The body as an object of this kind, as far as its head goes. */
function readObject(body: Readonly<Record<string, unknown>> | undefined, def: ResourceDef): ApiObject {
  if (body === undefined) throw new StatusError("BadRequest", "the request has no body");
  const { apiVersion = apiVersionOf(def), kind = def.kind } = body;
  if (apiVersion !== apiVersionOf(def)) {
    const message = `the API version in the data (${apiVersion}) does not match the expected API version (${apiVersionOf(def)})`;
    throw new StatusError("BadRequest", message);
  }
  if (kind !== def.kind) {
    throw new StatusError(
      "BadRequest",
      `the kind in the data (${kind}) does not match the expected kind (${def.kind})`,
    );
  }
  return { ...body, apiVersion, kind: def.kind, metadata: asRecord(body.metadata) } as ApiObject;
}

function splitUrl(url: string): { path: string; query: URLSearchParams } {
  const mark = url.indexOf("?");
  return mark < 0
    ? { path: url, query: new URLSearchParams() }
    : { path: url.slice(0, mark), query: new URLSearchParams(url.slice(mark + 1)) };
}

function readPath(path: string, registry: Registry): ResourcePath | undefined {
  try {
    return parseResourcePath(path, registry);
  } catch (error) {
    if (error instanceof URIError)
      throw new StatusError("BadRequest", "the path has a broken percent-encoding");
    throw error;
  }
}

function methodNotAllowed(method: string | undefined): StatusError {
  const why = method === "PATCH" ? ": PATCH is not supported by this server yet" : "";
  return new StatusError(
    "MethodNotAllowed",
    `the server does not allow this method on the requested resource${why}`,
  );
}

function tooLarge(asked: number, current: number): StatusError {
  return new StatusError("Timeout", `Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
    retryAfterSeconds: 1,
  });
}

function fault(error: unknown): StatusError {
  const what = error instanceof Error ? error.message : String(error);
  return new StatusError("InternalError", `Internal error occurred: ${what}`);
}

function sendObject(response: ServerResponse, code: number, object: ApiObject): void {
  send(response, code, encodeObject(object));
}

function send(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  response.end(text);
}

function sendText(response: ServerResponse, text: string): void {
  response.writeHead(200, { "content-type": "text/plain; charset=utf-8" }).end(text);
}
