import { exec } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";
import { hostname } from "node:os";
import { addressAndPort, remoteOf, serveHttp, serveUdp } from "./listen.ts";

export interface NetexecPorts {
  readonly httpPort: number;
  readonly udpPort: number | undefined;
}

/** A server that tells who it is and who asks. */
export function netexec({ httpPort, udpPort }: NetexecPorts): void {
  serveHttp(httpPort, (request, response) => void answer(request, response));
  if (udpPort !== undefined) serveUdp(udpPort, (text, from) => answerDatagram(text, addressAndPort(from)));
  process.stdout.write(`Started HTTP server on port ${httpPort}\n`);
  if (udpPort !== undefined) process.stdout.write(`Started UDP server on port ${udpPort}\n`);
}

type Page = (query: URLSearchParams, request: IncomingMessage, response: ServerResponse) => void;

const pages: Readonly<Record<string, Page>> = {
  "/": (_, __, response) => response.end(`NOW: ${new Date().toISOString()}`),
  "/hostname": (_, __, response) => response.end(hostname()),
  "/hostName": (_, __, response) => response.end(hostname()),
  "/clientip": (_, { socket }, response) => response.end(remoteOf(socket)),
  "/echo": (query, _, response) => {
    response.statusCode = Number(query.get("code") ?? 200);
    response.end(query.get("msg") ?? "");
  },
  "/header": (query, { headers }, response) =>
    response.end(String(headers[(query.get("key") ?? "").toLowerCase()] ?? "")),
  "/healthz": (_, __, response) => response.end(),
  "/readyz": (_, __, response) => response.end(),
  "/exit": (query) => process.exit(Number(query.get("code") ?? 0)),
  "/shell": (query, _, response) => shell(query.get("shellCommand") ?? query.get("cmd") ?? "", response),
};

function answer(request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://here");
  process.stdout.write(`${request.method} ${request.url} from ${remoteOf(request.socket)}\n`);
  const page = Object.hasOwn(pages, pathname) ? pages[pathname] : undefined;
  if (page !== undefined) page(searchParams, request, response);
  else {
    response.statusCode = 404;
    response.end("404 page not found\n");
  }
}

function shell(command: string, response: ServerResponse): void {
  exec(command, (error, stdout, stderr) => {
    const output = stdout + stderr;
    response.end(JSON.stringify(error === null ? { output } : { output, error: error.message }));
  });
}

/** `hostname`, `echo TEXT` and `clientip`; nothing else is answered. */
function answerDatagram(text: string, from: string): string | undefined {
  const [word = "", ...rest] = text.trim().split(" ");
  if (word.toLowerCase() === "hostname") return hostname();
  if (word === "echo") return rest.join(" ");
  return word === "clientip" ? from : undefined;
}
