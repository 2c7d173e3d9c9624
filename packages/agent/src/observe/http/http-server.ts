import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answerText, HttpRefusal } from "./answer.ts";

export type ListenAddress =
  | {
      /** `127.0.0.1`, `::`, … */
      readonly host: string;
      /** 0 takes any that is free. */
      readonly port: number;
    }
  /** A Unix socket: whoever may open the file can ask. */
  | { readonly socketPath: string };

/** Answers one request for its path. @throws HttpRefusal with what is wrong with the request. */
export type Route = (url: URL, response: ServerResponse, request: IncomingMessage) => void | Promise<void>;

export interface HttpServerOptions {
  readonly routes: ReadonlyMap<string, Route>;
  /** Looks at every request first. @throws HttpRefusal */
  readonly guard?: (request: IncomingMessage) => void;
  /** Connections at a time; further ones are closed at once (default 100). */
  readonly mostConnections?: number;
}

/** Serves a few paths by GET and HEAD, with narrow limits: whoever reaches a node's port can ask. */
export class HttpServer {
  readonly #routes: ReadonlyMap<string, Route>;
  readonly #guard: (request: IncomingMessage) => void;
  readonly #server: Server;

  constructor({ routes, guard = () => {}, mostConnections = 100 }: HttpServerOptions) {
    this.#routes = routes;
    this.#guard = guard;
    this.#server = createServer(
      { maxHeaderSize: 8 << 10, headersTimeout: 5_000, requestTimeout: 10_000, keepAliveTimeout: 5_000 },
      (request, response) => void this.#handle(request, response),
    );
    this.#server.maxConnections = mostConnections;
    // Of a connection on which nothing moves; event streams have their heartbeat.
    this.#server.setTimeout(60_000);
  }

  /** The address that it listens on, `127.0.0.1:9753` or a path. @throws when the address cannot be had. */
  listen(address: ListenAddress): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen("socketPath" in address ? { path: address.socketPath } : address, () => {
        this.#server.off("error", reject);
        // A connection that cannot be taken, for want of descriptors say, is no reason to end an agent.
        this.#server.on("error", () => {});
        resolve(boundText(this.#server.address()!));
      });
    });
  }

  /** Ends all connections. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on("error", () => {});
    request.resume();
    try {
      this.#guard(request);
      const url = urlOf(request);
      const route = this.#routes.get(url.pathname);
      if (route === undefined)
        throw new HttpRefusal(
          404,
          `no ${url.pathname} here; there is ${[...this.#routes.keys()].join(", ")}`,
        );
      if (request.method !== "GET" && request.method !== "HEAD") {
        response.setHeader("Allow", "GET, HEAD");
        throw new HttpRefusal(405, `${request.method} is not served, only GET`);
      }
      await route(url, response, request);
    } catch (error) {
      if (error instanceof HttpRefusal) answerText(response, error.status, `${error.message}\n`);
      // Nor is one broken answer.
      else if (response.headersSent) response.destroy();
      else answerText(response, 500, `${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
}

function boundText(bound: AddressInfo | string): string {
  if (typeof bound === "string") return bound;
  return bound.family === "IPv6" ? `[${bound.address}]:${bound.port}` : `${bound.address}:${bound.port}`;
}

function urlOf({ url = "/" }: IncomingMessage): URL {
  // Two slashes in front, of either kind, would be read as the beginning of a host.
  if (!/^\/(?![/\\])/.test(url) || !URL.canParse(url, "http://agent"))
    throw new HttpRefusal(400, "not a path");
  return new URL(url, "http://agent");
}
