import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { status } from "./scripted-server.testing.ts";

/** What a server does to one request instead of answering it well. */
export type Fault =
  | "none"
  | "slow"
  | "500"
  | "429"
  | "410"
  | "no answer"
  | "hang-up"
  | "html"
  | "empty"
  /** A watch: breaks in the middle of a line. A list: in the middle of the body. */
  | "cut"
  /** A watch: says nothing any more, and stays open. */
  | "half-open";

/** How a server takes to a request for a streamed list. */
export type Streams = "served" | "refused" | "unknown";

interface Stored {
  readonly apiVersion: "v1";
  readonly kind: "Pod";
  readonly metadata: { readonly name: string; readonly namespace: "n"; uid: string; resourceVersion: string };
}

interface StoredEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK";
  readonly object: unknown;
  readonly revision: number;
}

interface Watcher {
  readonly response: http.ServerResponse;
  /** Everything up to it was sent. */
  revision: number;
  fault: Fault;
  readonly sent: string[];
}

/**
 * The pods of a cluster, served as the API would, with faults: those of the requests to come, one each, and those of
 * watches that are open. What it holds is always right, and what it tells may be late, twice, or cut off.
 */
export class MisbehavingApi {
  readonly socketPath: string;
  readonly faults: Fault[] = [];
  readonly requests: string[] = [];
  streams: Streams = "served";
  readonly #directory: string;
  readonly #server: http.Server;
  #cluster = 0;
  #revision = 1_000_000;
  #compacted = 0;
  #uids = 0;
  #pods = new Map<string, Stored>();
  #history: StoredEvent[] = [];
  readonly #watchers = new Set<Watcher>();
  readonly #pages = new Map<string, { readonly items: Stored[]; readonly revision: number }>();
  readonly #heartbeat: NodeJS.Timeout;

  constructor() {
    this.#directory = mkdtempSync(join(tmpdir(), "portcullis-misbehaving-"));
    this.socketPath = join(this.#directory, "s");
    this.#server = http.createServer((request, response) => this.#answer(request, response));
    this.#heartbeat = setInterval(() => this.#bookmark(), 10);
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(this.socketPath, resolve));
  }

  async close(): Promise<void> {
    clearInterval(this.#heartbeat);
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    rmSync(this.#directory, { recursive: true });
  }

  /** `name` → `uid resourceVersion`. */
  state(): ReadonlyMap<string, string> {
    return new Map(
      [...this.#pods.values()].map(({ metadata }) => [
        metadata.name,
        `${metadata.uid} ${metadata.resourceVersion}`,
      ]),
    );
  }

  put(name: string): void {
    const known = this.#pods.get(name);
    const uid = known?.metadata.uid ?? `u${++this.#uids}`;
    this.#record(known === undefined ? "ADDED" : "MODIFIED", name, uid);
  }

  delete(name: string): void {
    const known = this.#pods.get(name);
    if (known !== undefined) this.#record("DELETED", name, known.metadata.uid);
  }

  /** Forgets what happened up to now, and the lists that are under way. */
  compact(): void {
    this.#compacted = this.#revision;
    this.#pages.clear();
  }

  /** Another cluster answers from now on: empty, with lower revisions. Some of its clients are told by nothing but silence. */
  beginAnew(how: "hang-up" | "end" | "half-open"): void {
    this.#cluster += 1;
    this.#revision = 1_000_000 - this.#cluster * 10_000;
    this.#pods = new Map();
    this.#history = [];
    this.#pages.clear();
    this.#compacted = this.#revision;
    this.breakWatches(how);
  }

  breakWatches(how: "hang-up" | "end" | "half-open"): void {
    for (const watcher of this.#watchers) {
      if (how === "hang-up") watcher.response.destroy();
      if (how === "end") watcher.response.end();
      this.#watchers.delete(watcher);
    }
  }

  /** Tells the open watches once more what they were told, the latest first. */
  repeat(): void {
    for (const { response, sent, fault } of this.#watchers) {
      if (fault !== "half-open") response.write(sent.slice(-4).reverse().join(""));
    }
  }

  #record(type: "ADDED" | "MODIFIED" | "DELETED", name: string, uid: string): void {
    this.#revision += 1;
    const metadata = { name, namespace: "n", uid, resourceVersion: String(this.#revision) } as const;
    const object: Stored = { apiVersion: "v1", kind: "Pod", metadata };
    if (type === "DELETED") this.#pods.delete(name);
    else this.#pods.set(name, object);
    this.#history.push({ type, object, revision: this.#revision });
  }

  /** Sends the open watches what they have not been told, `swapped` with neighbours in the wrong order. */
  flush(swapped = false): void {
    for (const watcher of this.#watchers) this.#flush(watcher, swapped);
  }

  #flush(watcher: Watcher, swapped: boolean): void {
    if (watcher.fault === "half-open") return;
    const events = this.#history.filter(({ revision }) => revision > watcher.revision);
    watcher.revision = this.#revision;
    const lines = events.map((event) => lineOf(event));
    watcher.sent.push(...lines);
    if (swapped) lines.reverse();
    if (watcher.fault === "cut" && lines.length > 0) {
      const last = lines.pop()!;
      watcher.response.write(lines.join("") + last.slice(0, last.length / 2), () =>
        setImmediate(() => watcher.response.destroy()),
      );
      this.#watchers.delete(watcher);
    } else if (lines.length > 0) watcher.response.write(lines.join(""));
  }

  #bookmark(): void {
    for (const watcher of this.#watchers) {
      if (watcher.fault === "half-open") continue;
      const metadata = { resourceVersion: String(watcher.revision) };
      watcher.response.write(`${JSON.stringify({ type: "BOOKMARK", object: { kind: "Pod", metadata } })}\n`);
    }
  }

  #answer(request: http.IncomingMessage, response: http.ServerResponse): void {
    const url = new URL(request.url ?? "", "http://x");
    this.requests.push(`${url.pathname}${url.search}`);
    request.resume();
    response.on("error", () => {});
    const fault = this.faults.shift() ?? "none";
    const answer = () => this.#answerWith(fault, url, response);
    if (fault === "slow") setTimeout(answer, 8);
    else answer();
  }

  #answerWith(fault: Fault, url: URL, response: http.ServerResponse): void {
    const isWatch = url.searchParams.has("watch");
    if (fault === "no answer") return;
    if (fault === "hang-up") {
      response.destroy();
      return;
    }
    const refusal = refusals[fault];
    if (fault === "429") response.setHeader("retry-after", "1");
    if (refusal !== undefined) send(response, ...refusal);
    else if (url.pathname.endsWith("/namespaces")) this.#namespaces(response);
    else if (isWatch) this.#watch(fault, url.searchParams, response);
    else this.#list(fault, url.searchParams, response);
  }

  #namespaces(response: http.ServerResponse): void {
    const metadata = { name: "kube-system", uid: `cluster-${this.#cluster}`, resourceVersion: "1" };
    send(response, 200, {
      kind: "NamespaceList",
      metadata: { resourceVersion: String(this.#revision) },
      items: [{ metadata }],
    });
  }

  #list(fault: Fault, query: URLSearchParams, response: http.ServerResponse): void {
    const token = query.get("continue");
    const page = token === null ? undefined : this.#pages.get(token);
    if (token !== null && page === undefined) {
      send(response, ...expired);
      return;
    }
    const all = page?.items ?? [...this.#pods.values()];
    const revision = page?.revision ?? this.#revision;
    const limit = Number(query.get("limit") ?? all.length);
    const rest = all.slice(limit);
    let next = "";
    if (rest.length > 0) {
      next = `${this.requests.length}`;
      this.#pages.set(next, { items: rest, revision });
    }
    // As the API server: items without kind and apiVersion.
    const items = all.slice(0, limit).map(({ metadata }) => ({ metadata }));
    const body = JSON.stringify({
      kind: "PodList",
      metadata: { resourceVersion: String(revision), continue: next },
      items,
    });
    if (fault !== "cut") {
      send(response, 200, body);
      return;
    }
    response.writeHead(200, { "content-length": body.length });
    response.write(body.slice(0, body.length / 2), () => setImmediate(() => response.destroy()));
  }

  #watch(fault: Fault, query: URLSearchParams, response: http.ServerResponse): void {
    const wantsAll = query.get("sendInitialEvents") === "true";
    if (wantsAll && this.streams === "refused") {
      send(response, 422, status(422, "Invalid", "sendInitialEvents is forbidden"));
      return;
    }
    const since = Number(query.get("resourceVersion") ?? this.#revision);
    if (!wantsAll && since < this.#compacted) {
      send(response, ...expired);
      return;
    }
    response.writeHead(200);
    response.flushHeaders();
    const watcher: Watcher = { response, revision: since, fault, sent: [] };
    if (fault === "half-open") return;
    if (wantsAll && this.streams === "unknown") return;
    if (wantsAll) this.#streamAll(watcher);
    else this.#open(watcher);
  }

  #open(watcher: Watcher): void {
    this.#watchers.add(watcher);
    watcher.response.on("close", () => this.#watchers.delete(watcher));
    this.#flush(watcher, false);
  }

  #streamAll(watcher: Watcher): void {
    const { response, fault } = watcher;
    const cluster = this.#cluster;
    const revision = this.#revision;
    const lines = [...this.#pods.values()].map((object) => lineOf({ type: "ADDED", object, revision: 0 }));
    const half = Math.ceil(lines.length / 2);
    response.write(lines.slice(0, half).join(""));
    const finish = () => {
      if (cluster !== this.#cluster || fault === "cut") {
        response.destroy();
        return;
      }
      // What happened while it was sent comes before the mark of the end.
      const since = this.#history.filter((event) => event.revision > revision);
      const metadata = {
        resourceVersion: String(this.#revision),
        annotations: { "k8s.io/initial-events-end": "true" },
      };
      const mark = lineOf({ type: "BOOKMARK", object: { kind: "Pod", metadata }, revision: 0 });
      watcher.revision = this.#revision;
      response.write([...lines.slice(half), ...since.map(lineOf), mark].join(""));
      this.#open(watcher);
    };
    setTimeout(finish, fault === "slow" ? 6 : 0);
  }
}

const expired = [410, status(410, "Expired")] as const;

/** What a request gets for a fault, whatever it asked for. */
const refusals: Partial<Record<Fault, readonly [code: number, body: unknown]>> = {
  html: [200, "<html>"],
  empty: [200, {}],
  "500": [500, status(500, "InternalError")],
  "410": expired,
  "429": [429, status(429, "TooManyRequests")],
};

function lineOf({ type, object }: StoredEvent): string {
  return `${JSON.stringify({ type, object })}\n`;
}

function send(response: http.ServerResponse, code: number, body: unknown): void {
  response.writeHead(code, { "content-type": "application/json" });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}
