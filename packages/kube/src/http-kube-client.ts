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
import { ApiError, type Status } from "./errors.ts";
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
    const list = (await this.#json("GET", path, undefined, options.signal)) as RawList;
    const { resourceVersion = "", continue: next = "" } = list.metadata ?? {};
    return { items: list.items ?? [], resourceVersion, ...(next === "" ? {} : { continue: next }) };
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
    const { timeoutSeconds, bookmarks } = options;
    const query = queryOf(options, {
      watch: "true",
      resourceVersion: options.resourceVersion,
      ...(bookmarks ? { allowWatchBookmarks: "true" } : {}),
      ...(timeoutSeconds === undefined ? {} : { timeoutSeconds: String(timeoutSeconds) }),
    });
    const lines = this.#transport.lines({
      method: "GET",
      path: resourcePath(resource, { namespace: options.namespace }) + query,
      signal: options.signal,
      silenceMs: timeoutSeconds === undefined ? watchSilenceMs : timeoutSeconds * 1000 + this.#watchGraceMs,
    });
    for await (const line of lines) {
      const event = parse(line) as WatchEvent | { readonly type: "ERROR"; readonly object: Status };
      if (event.type === "ERROR") throw new ApiError(event.object);
      yield event;
    }
  }

  #json(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: unknown, signal?: AbortSignal) {
    return this.#transport.json({ method, path, body, signal, silenceMs: this.#timeoutMs });
  }
}

interface RawList {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: readonly KubeObject[];
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
