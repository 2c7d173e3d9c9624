import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import { SessionGuard } from "./session-guard.ts";
import { type StaticSite, securityHeaders } from "./static-site.ts";

/** Answers one path under `/api/`. What it throws becomes `{error}` with its status. */
type ApiHandler = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;

/** By method and name: `GET world`. */
export type Api = Readonly<Record<string, ApiHandler>>;

export interface UiServer {
  /** The address to open, with the session's token. */
  readonly url: string;
  close(): Promise<void>;
}

/** An answer other than 200, in one sentence. */
export class ApiProblem extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Serves the web app and what it asks for, on this machine's loopback alone; port 0 is any free one.
 *
 * @throws CliError when the port is taken, or may not be had.
 */
export async function startUiServer(site: StaticSite, api: Api, port = 0): Promise<UiServer> {
  let guard: SessionGuard;
  const server = createServer((request, response) => {
    void answer(request, response, { guard, site, api });
  });
  await listen(server, port);
  guard = new SessionGuard((server.address() as AddressInfo).port);
  return {
    url: guard.url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Parts {
  readonly guard: SessionGuard;
  readonly site: StaticSite;
  readonly api: Api;
}

async function answer(request: IncomingMessage, response: ServerResponse, parts: Parts): Promise<void> {
  const { guard, site, api } = parts;
  const url = urlOf(request);
  // Before anybody is known: a page of any origin could send it, and what is thrown here would end the process.
  if (url === undefined) return refuse(response, 400, "the request is for no path");
  const cookie = url.pathname === "/" && guard.refusedHost(request) === undefined && guard.cookieFor(url);
  if (cookie) {
    // The token leaves the address bar, and the history with it.
    response.writeHead(303, { ...securityHeaders, location: "/", "set-cookie": cookie }).end();
    return;
  }
  const refused = guard.refused(request);
  if (refused !== undefined) return refuse(response, refused.status, refused.reason);
  if (!url.pathname.startsWith("/api/")) {
    if (request.method !== "GET" || !site.serve(url.pathname, response)) refuse(response, 404, "not found");
    return;
  }
  const handler = api[`${request.method} ${url.pathname.slice("/api/".length)}`];
  if (handler === undefined) return refuse(response, 404, `${request.method} ${url.pathname} is not served`);
  try {
    await handler(request, response, url);
  } catch (error) {
    const status = error instanceof ApiProblem ? error.status : 500;
    refuse(response, status, error instanceof Error ? error.message : String(error));
  }
}

/** Undefined for a target that is no URL, as `//` is. */
function urlOf({ url = "/" }: IncomingMessage): URL | undefined {
  const base = "http://portcullis.invalid";
  return URL.canParse(url, base) ? new URL(url, base) : undefined;
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  const headers = { ...securityHeaders, "content-type": "application/json", "cache-control": "no-store" };
  response.writeHead(status, headers).end(JSON.stringify(value));
}

function refuse(response: ServerResponse, status: number, error: string): void {
  if (response.headersSent) response.destroy();
  else sendJson(response, { error }, status);
}

const taken: Readonly<Record<string, string>> = {
  EADDRINUSE: "another program listens there",
  EACCES: "permission denied",
};

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => {
      const why = taken[error.code ?? ""];
      if (why === undefined) reject(error);
      else
        reject(
          new CliError(exitCode.unavailable, `--port ${port}: ${why}`, "Without it, any free port is taken."),
        );
    };
    server.once("error", fail);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", fail);
      resolve();
    });
  });
}
