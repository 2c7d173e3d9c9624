import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Namespace, NetworkPolicy, Pod } from "@portcullis/engine";
import { servedText } from "./served-text.ts";
import type { SyntheticCluster } from "./synthetic-cluster.ts";

type Served = Namespace | Pod | NetworkPolicy;

const plurals = { Namespace: "namespaces", Pod: "pods", NetworkPolicy: "networkpolicies" } as const;

interface Kind {
  readonly list: string;
  readonly objects: Map<string, { readonly object: Served; readonly revision: number }>;
  readonly watchers: Set<http.ServerResponse>;
}

/**
 * A synthetic cluster as an API server has it, as far as an agent asks: lists in pieces, streamed lists, watches. Objects
 * are written out as they are sent, with all the fields that real ones have.
 */
export class ServedCluster {
  readonly socketPath: string;
  /** Characters sent so far. */
  sent = 0;
  readonly #directory: string;
  readonly #server: http.Server;
  readonly #streams: boolean;
  readonly #kinds: ReadonlyMap<string, Kind>;
  #revision = 1_000_000;

  /** With `streams`, lists are streamed where they are asked for so; else that is refused. */
  constructor(cluster: SyntheticCluster, streams: boolean) {
    this.#streams = streams;
    this.#directory = mkdtempSync(join(tmpdir(), "portcullis-served-"));
    this.socketPath = join(this.#directory, "s");
    this.#kinds = new Map([
      ["namespaces", emptyKind("NamespaceList")],
      ["nodes", emptyKind("NodeList")],
      ["pods", emptyKind("PodList")],
      ["networkpolicies", emptyKind("NetworkPolicyList")],
    ]);
    for (const object of [...cluster.namespaces, ...cluster.pods, ...cluster.policies]) {
      const revision = ++this.#revision;
      this.#kinds.get(plurals[object.kind])!.objects.set(keyOf(object), { object, revision });
    }
    this.#server = http.createServer((request, response) => void this.#answer(request, response));
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(this.socketPath, resolve));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** Writes an object; gives its resourceVersion. */
  put(object: Served): number {
    const kind = this.#kinds.get(plurals[object.kind])!;
    const key = keyOf(object);
    const revision = ++this.#revision;
    const type = kind.objects.has(key) ? "MODIFIED" : "ADDED";
    kind.objects.set(key, { object, revision });
    this.#tell(kind, type, object, revision);
    return revision;
  }

  delete(object: Served): number {
    const kind = this.#kinds.get(plurals[object.kind])!;
    const revision = ++this.#revision;
    kind.objects.delete(keyOf(object));
    this.#tell(kind, "DELETED", object, revision);
    return revision;
  }

  #tell(kind: Kind, type: string, object: Served, revision: number): void {
    const line = eventLine(type, object, revision);
    for (const watcher of kind.watchers) watcher.write(line);
  }

  async #answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://x");
    const kind = this.#kinds.get(url.pathname.split("/").at(-1) ?? "");
    const query = url.searchParams;
    if (kind === undefined) end(response, 404, { kind: "Status", code: 404, reason: "NotFound" });
    else if (!query.has("watch")) this.#list(kind, query, response);
    else if (query.has("sendInitialEvents")) await this.#stream(kind, response);
    else {
      response.writeHead(200).flushHeaders();
      this.#join(kind, response);
    }
  }

  #list(kind: Kind, query: URLSearchParams, response: http.ServerResponse): void {
    const wanted = query.get("fieldSelector")?.replace("metadata.name=", "");
    const all = [...kind.objects.values()].filter(
      ({ object }) => wanted === undefined || object.name === wanted,
    );
    const from = Number(query.get("continue") ?? 0);
    const to = Math.min(all.length, from + Number(query.get("limit") ?? all.length));
    const metadata = { resourceVersion: String(this.#revision), continue: to < all.length ? String(to) : "" };
    const items = all.slice(from, to).map(({ object, revision }) => servedText(object, revision));
    const body = `{"kind":"${kind.list}","metadata":${JSON.stringify(metadata)},"items":[${items.join(",")}]}`;
    this.sent += body.length;
    response.writeHead(200, { "content-type": "application/json" }).end(body);
  }

  async #stream(kind: Kind, response: http.ServerResponse): Promise<void> {
    if (!this.#streams) {
      end(response, 422, { kind: "Status", code: 422, reason: "Invalid" });
      return;
    }
    response.writeHead(200).flushHeaders();
    for (const { object, revision } of kind.objects.values()) {
      const line = eventLine("ADDED", object, revision);
      this.sent += line.length;
      if (!response.write(line)) await once(response, "drain");
    }
    const metadata = {
      resourceVersion: String(this.#revision),
      annotations: { "k8s.io/initial-events-end": "true" },
    };
    response.write(`${JSON.stringify({ type: "BOOKMARK", object: { metadata } })}\n`);
    this.#join(kind, response);
  }

  #join(kind: Kind, response: http.ServerResponse): void {
    kind.watchers.add(response);
    response.on("close", () => kind.watchers.delete(response));
  }
}

function emptyKind(list: string): Kind {
  return { list, objects: new Map(), watchers: new Set() };
}

function keyOf(object: Served): string {
  return object.kind === "Namespace" ? object.name : `${object.namespace}/${object.name}`;
}

function eventLine(type: string, object: Served, revision: number): string {
  return `{"type":"${type}","object":${servedText(object, revision)}}\n`;
}

function end(response: http.ServerResponse, code: number, body: unknown): void {
  response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(body));
}
