import type { IncomingMessage, ServerResponse } from "node:http";
import type { ServedEvent } from "@portcullis/ui/server-api";
import { securityHeaders } from "../static-site.ts";
import { ApiProblem } from "../ui-server.ts";

/** Pages that may follow at the same time. */
const mostClients = 16;
/** Bytes that may wait for a page that does not read; then it has to come again. */
const mostWaiting = 4 << 20;
const heartbeatMs = 15_000;
/** A page that turns to another view leaves and comes again; nothing is to be missed in between, in milliseconds. */
const lingerMs = 5_000;

/** Sends what happens to every page that follows, as server-sent events (HTML standard, section 9.2). */
export class EventHub {
  readonly #clients = new Set<ServerResponse>();
  readonly #heartbeat = setInterval(() => this.#send(": still here\n\n"), heartbeatMs).unref();
  readonly #greeting: () => readonly ServedEvent[];
  #left = new AbortController();
  #lingering: NodeJS.Timeout | undefined;

  /** @param greeting what a page that comes is told first. */
  constructor(greeting: () => readonly ServedEvent[]) {
    this.#greeting = greeting;
  }

  /** By a page that is there, or was a moment ago. */
  get isFollowed(): boolean {
    return this.#clients.size > 0 || this.#lingering !== undefined;
  }

  /** Aborts when nobody follows any more, and has not for a moment. */
  left(): AbortSignal {
    return this.#left.signal;
  }

  follow(request: IncomingMessage, response: ServerResponse): void {
    if (this.#clients.size >= mostClients)
      throw new ApiProblem(503, `${mostClients} pages follow already; close one`);
    response.writeHead(200, {
      ...securityHeaders,
      "content-type": "text/event-stream",
      "cache-control": "no-store",
    });
    for (const event of this.#greeting()) response.write(textOf(event));
    this.#clients.add(response);
    this.#stay();
    request.once("close", () => this.#forget(response));
    response.on("error", () => this.#forget(response));
  }

  publish(event: ServedEvent): void {
    this.#send(textOf(event));
  }

  close(): void {
    clearInterval(this.#heartbeat);
    this.#stay();
    for (const client of this.#clients) client.end();
    this.#clients.clear();
  }

  #forget(client: ServerResponse): void {
    if (!this.#clients.delete(client) || this.isFollowed) return;
    this.#lingering = setTimeout(() => {
      this.#stay();
      this.#left.abort();
      this.#left = new AbortController();
    }, lingerMs).unref();
  }

  #stay(): void {
    clearTimeout(this.#lingering);
    this.#lingering = undefined;
  }

  #send(text: string): void {
    for (const client of this.#clients) {
      client.write(text);
      if (client.writableLength > mostWaiting) {
        this.#forget(client);
        client.destroy();
      }
    }
  }
}

function textOf(event: ServedEvent): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
