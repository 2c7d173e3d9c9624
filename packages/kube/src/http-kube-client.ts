import type {
  DeleteOptions,
  KubeClient,
  KubeList,
  KubeObject,
  ListOptions,
  Resource,
  Subresource,
  WatchEvent,
  WatchOptions,
} from "./client.ts";
import { ApiError, type Status, Unreachable } from "./errors.ts";
import { type Endpoint, HttpTransport, parse } from "./http-transport.ts";
import { resourcePath } from "./resource-path.ts";

export interface HttpKubeClientOptions {
  /** Who writes, as `metadata.managedFields` and audit logs name it: up to the first slash. Nobody when absent. */
  readonly userAgent?: string;
  /** How long the server may leave a request without an answer, in milliseconds (default 30,000). */
  readonly timeoutMs?: number;
  /** How much longer than asked for a watch may be silent before the server is taken for gone, in milliseconds (default 30,000). */
  readonly watchGraceMs?: number;
}

/** How long a watch without an end of its own may be silent, in milliseconds. */
const watchSilenceMs = 3_600_000;

/** A client over HTTP: a Unix socket, or a URL. Close it when done: it keeps connections. */
export class HttpKubeClient implements KubeClient {
  readonly #transport: HttpTransport;
  readonly #timeoutMs: number;
  readonly #watchGraceMs: number;

  constructor(endpoint: Endpoint, options: HttpKubeClientOptions = {}) {
    this.#transport = new HttpTransport(endpoint, options.userAgent);
    this.#timeoutMs = options.timeoutMs ?? 30_000;
    this.#watchGraceMs = options.watchGraceMs ?? 30_000;
  }

  /** Drops the kept connections; requests that are under way fail. */
  close(): void {
    this.#transport.close();
  }

  async get(resource: Resource, name: string, namespace?: string): Promise<KubeObject> {
    return (await this.#json("GET", resourcePath(resource, { namespace, name }))) as KubeObject;
  }

  async list(resource: Resource, options: ListOptions = {}): Promise<KubeList> {
    const path = resourcePath(resource, { namespace: options.namespace }) + queryOf(options);
    const list = readList(await this.#json("GET", path, undefined, options.signal));
    const { resourceVersion = "", continue: next = "" } = list.metadata ?? {};
    const items = list.items ?? [];
    completeHeads(items, resource);
    return { items, resourceVersion, ...(next === "" ? {} : { continue: next }) };
  }

  async create(resource: Resource, object: KubeObject, under?: Subresource): Promise<KubeObject> {
    const path = resourcePath(resource, { namespace: namespaceOf(resource, object), ...under });
    return (await this.#json("POST", path, object)) as KubeObject;
  }

  async update(
    resource: Resource,
    object: KubeObject,
    subresource?: "status" | "finalize",
  ): Promise<KubeObject> {
    const { name } = object.metadata;
    const path = resourcePath(resource, { namespace: namespaceOf(resource, object), name, subresource });
    return (await this.#json("PUT", path, object)) as KubeObject;
  }

  async delete(
    resource: Resource,
    name: string,
    namespace?: string,
    options?: DeleteOptions,
  ): Promise<KubeObject> {
    const path = resourcePath(resource, { namespace, name });
    return (await this.#json("DELETE", path, options)) as KubeObject;
  }

  async *watch(resource: Resource, options: WatchOptions): AsyncGenerator<WatchEvent> {
    const { timeoutSeconds, bookmarks, initialEvents, resourceVersion } = options;
    const query = queryOf(options, {
      watch: "true",
      ...(resourceVersion === "" ? {} : { resourceVersion }),
      ...(initialEvents ? { sendInitialEvents: "true", resourceVersionMatch: "NotOlderThan" } : {}),
      ...(bookmarks ? { allowWatchBookmarks: "true" } : {}),
      ...(timeoutSeconds === undefined ? {} : { timeoutSeconds: String(timeoutSeconds) }),
    });
    const lines = this.#transport.lines({
      method: "GET",
      path: resourcePath(resource, { namespace: options.namespace }) + query,
      signal: options.signal,
      onOpen: options.onOpen,
      silenceMs: timeoutSeconds === undefined ? watchSilenceMs : timeoutSeconds * 1000 + this.#watchGraceMs,
    });
    for await (const line of lines) {
      yield readEvent(line);
    }
  }

  #json(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: unknown, signal?: AbortSignal) {
    return this.#transport.json({ method, path, body, signal, silenceMs: this.#timeoutMs });
  }
}

interface RawList {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  /** Null is how Go writes an empty one. */
  readonly items?: readonly KubeObject[] | null;
}

/** @throws Unreachable: an answer that is no list must not be taken for an empty one. */
function readList(value: unknown): RawList {
  const isObject = typeof value === "object" && value !== null;
  const { kind, items } = isObject ? (value as RawList & { readonly kind?: unknown }) : {};
  if (typeof kind === "string" && kind.endsWith("List") && (items == null || Array.isArray(items)))
    return value as RawList;
  throw new Unreachable(`not a list of a Kubernetes API: ${JSON.stringify(value).slice(0, 80)}`);
}

/** Items of a list need not carry what they have in common, and those of most kinds do not. */
function completeHeads(items: readonly KubeObject[], { group, version, kind }: Resource): void {
  const apiVersion = group === "" ? version : `${group}/${version}`;
  for (const item of items) if (item.kind === undefined) Object.assign(item, { apiVersion, kind });
}

const eventTypes = new Set(["ADDED", "MODIFIED", "DELETED", "BOOKMARK"]);

/** @throws ApiError for an ERROR event; Unreachable for what is no event. */
function readEvent(line: string): WatchEvent {
  const event = parse(line) as WatchEvent | { readonly type: "ERROR"; readonly object: Status } | null;
  if (event?.type === "ERROR") throw new ApiError(event.object ?? {});
  const metadata = event?.object?.metadata;
  if (!eventTypes.has(event?.type ?? "") || typeof metadata !== "object" || metadata === null)
    throw new Unreachable(`not an event of a Kubernetes API: ${line.slice(0, 80)}`);
  return event as WatchEvent;
}

/** The API has no default namespace; kubectl's is `default`. */
function namespaceOf(resource: Resource, object: KubeObject): string | undefined {
  return resource.namespaced ? (object.metadata.namespace ?? "default") : undefined;
}

function queryOf(options: ListOptions, more: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(more);
  if (options.labelSelector) query.set("labelSelector", options.labelSelector);
  if (options.fieldSelector) query.set("fieldSelector", options.fieldSelector);
  if (options.limit !== undefined) query.set("limit", String(options.limit));
  if (options.continue !== undefined) query.set("continue", options.continue);
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}
