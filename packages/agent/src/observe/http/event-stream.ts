import type { IncomingMessage, ServerResponse } from "node:http";
import type { FlowRecord } from "@portcullis/engine";
import { HttpRefusal } from "./answer.ts";
import { StreamClient, streamHeaders } from "./stream-client.ts";
import { type StreamEventType, type StreamFilter, streamFilter } from "./stream-filter.ts";

export interface EventStreamOptions {
  /** Clients at a time (default 16). */
  readonly mostClients?: number;
  /** Events that wait for one client (default 1,000). */
  readonly mostWaiting?: number;
  /** Milliseconds between lines that say nothing (default 15,000). */
  readonly heartbeatMs?: number;
  /** What a new client is told first, so that it knows the present state. */
  readonly greeting?: () => readonly StreamEvent[];
  /** Called when there is a new client. */
  readonly onClient?: () => void;
}

export type StreamEvent =
  | { readonly type: "drop" | "flow"; readonly data: FlowRecord }
  | { readonly type: Exclude<StreamEventType, "drop" | "flow" | "dropped">; readonly data: object };

/** Server-sent events (HTML standard, section 9.2) to a few clients, each with its own filter. */
export class EventStream {
  readonly #mostClients: number;
  readonly #mostWaiting: number;
  readonly #heartbeatMs: number;
  readonly #greeting: () => readonly StreamEvent[];
  readonly #onClient: () => void;
  readonly #clients = new Map<StreamClient, StreamFilter>();
  #heartbeat: NodeJS.Timeout | undefined;
  /** Events that slow clients were not sent, since the start. */
  left = 0;

  constructor(options: EventStreamOptions = {}) {
    this.#mostClients = options.mostClients ?? 16;
    this.#mostWaiting = options.mostWaiting ?? 1_000;
    this.#heartbeatMs = options.heartbeatMs ?? 15_000;
    this.#greeting = options.greeting ?? (() => []);
    this.#onClient = options.onClient ?? (() => {});
  }

  get clients(): number {
    return this.#clients.size;
  }

  /** Whether a client follows what is dropped, or what passes. */
  get wantsFlows(): boolean {
    return [...this.#clients.values()].some(({ types }) => types.has("drop") || types.has("flow"));
  }

  /** Keeps the response open as a stream. @throws HttpRefusal */
  open(url: URL, response: ServerResponse, { method }: IncomingMessage): void {
    const filter = streamFilter(url.searchParams);
    if (method === "HEAD") return void response.writeHead(200, streamHeaders).end();
    if (this.#clients.size >= this.#mostClients) {
      response.setHeader("Retry-After", "10");
      throw new HttpRefusal(503, `there are ${this.#mostClients} clients already`);
    }
    const client = new StreamClient(response, this.#mostWaiting);
    this.#clients.set(client, filter);
    response.on("close", () => this.#clients.delete(client));
    for (const event of this.#greeting()) this.#send(client, filter, event, undefined);
    this.#heartbeat ??= setInterval(() => this.#beat(), this.#heartbeatMs).unref();
    this.#onClient();
  }

  publish(event: StreamEvent): void {
    if (this.#clients.size === 0) return;
    const data = JSON.stringify(event.data);
    for (const [client, filter] of this.#clients) this.#send(client, filter, event, data);
  }

  close(): void {
    clearInterval(this.#heartbeat);
    for (const client of this.#clients.keys()) client.end();
  }

  #send(client: StreamClient, filter: StreamFilter, event: StreamEvent, data: string | undefined): void {
    if (!filter.types.has(event.type)) return;
    if (isFlow(event) && !filter.flows(event.data)) return;
    if (!client.send(event.type, data ?? JSON.stringify(event.data))) this.left += 1;
  }

  #beat(): void {
    for (const client of this.#clients.keys()) client.beat();
    if (this.#clients.size > 0) return;
    clearInterval(this.#heartbeat);
    this.#heartbeat = undefined;
  }
}

const isFlow = (event: StreamEvent): event is Extract<StreamEvent, { type: "drop" | "flow" }> =>
  event.type === "drop" || event.type === "flow";
