// Tells of itself and of the request, as the image traefik/whoami does: --port, --name.
import type { IncomingMessage } from "node:http";
import { hostname, networkInterfaces } from "node:os";
import { portOf, readFlags } from "./flags.ts";
import { remoteOf, serveHttp } from "./listen.ts";

const { flags } = readFlags(process.argv.slice(2));
const port = portOf(flags.get("port") ?? process.env.WHOAMI_PORT_NUMBER ?? "80");
const name = flags.get("name") ?? process.env.WHOAMI_NAME;

serveHttp(port, (request, response) => {
  const { pathname } = new URL(request.url ?? "/", "http://here");
  if (pathname === "/health") {
    response.end();
  } else if (pathname === "/api") {
    const { headers, url, method } = request;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ hostname: hostname(), ip: addresses(), headers, url, method }));
  } else {
    response.setHeader("content-type", "text/plain; charset=utf-8");
    response.end(describe(request));
  }
});
process.stdout.write(`Starting up on port ${port}\n`);
process.on("SIGTERM", () => process.exit(0));
process.on("SIGINT", () => process.exit(0));

function describe({ method, url, httpVersion, rawHeaders, socket }: IncomingMessage): string {
  const headers = Array.from(
    { length: rawHeaders.length / 2 },
    (_, i) => `${rawHeaders[2 * i]}: ${rawHeaders[2 * i + 1]}`,
  );
  const lines = [
    ...(name === undefined ? [] : [`Name: ${name}`]),
    `Hostname: ${hostname()}`,
    ...addresses().map((address) => `IP: ${address}`),
    `RemoteAddr: ${remoteOf(socket)}`,
    `${method} ${url} HTTP/${httpVersion}`,
    ...headers,
  ];
  return `${lines.join("\n")}\n\n`;
}

function addresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((each) => (each ?? []).map(({ address }) => address));
}
