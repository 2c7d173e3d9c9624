import { type IncomingHttpHeaders, type IncomingMessage, request as open } from "node:http";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream/promises";
import { StatusError } from "../../status.ts";
import type { Exchange } from "../exchange.ts";
import { notServed } from "../refuse.ts";
import type { ObjectPath } from "../request-path.ts";
import { proxyTarget } from "./proxy-target.ts";

/** Of one connection, not of the message (RFC 9110, 7.6.1). */
const hopByHop: ReadonlySet<string> = new Set(
  "connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer upgrade".split(
    " ",
  ),
);

/** As it is written: what comes after the proxy is nobody's to decode. */
const proxyPath = /^(\/api\/v1\/namespaces\/[^/]+\/[^/]+\/[^/]+\/proxy)(\/.*)?$/;

/**
 * Passes a request on to a pod, or to one of a Service's endpoints, and its answer back, both as they come. Who asks is not
 * told: credentials stay here. Links in pages are as they were; only a redirection within the server leads back here.
 */
export async function proxy(exchange: Exchange, path: ObjectPath): Promise<void> {
  const { request, response, options } = exchange;
  const { dial, registry } = options;
  if (dial === undefined) throw new StatusError("NotImplemented", "proxy is not supported by this server");
  const [, prefix, rest] = proxyPath.exec(exchange.path) ?? [];
  if (prefix === undefined) throw notServed(exchange.path, registry);
  const query = /\?.*$/s.exec(request.url ?? "")?.[0] ?? "";
  if (rest === undefined && request.method === "GET") {
    // Or what is linked there would be looked for one level too high.
    response.writeHead(301, { location: `${prefix}/${query}` }).end();
    return;
  }
  const target = proxyTarget(registry, path);
  const connection = await dial(target.address, target.port).catch(unreachable);
  response.once("close", () => connection.destroy());
  const answer = await ask(request, `${rest ?? "/"}${query}`, prefix, connection).catch(unreachable);
  const headers = passedOn(answer.headers);
  if (headers.location?.startsWith("/")) headers.location = `${prefix}${headers.location}`;
  response.writeHead(answer.statusCode ?? 502, headers);
  // A client or a program that goes away in the middle is no failure of ours.
  await pipeline(answer, response).catch(() => response.destroy());
}

/** Resolves with the head of the answer. */
function ask(
  request: IncomingMessage,
  path: string,
  prefix: string,
  connection: Duplex,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { authorization: _, ...headers } = passedOn(request.headers);
    const impersonated = Object.keys(headers).filter((name) => name.startsWith("impersonate-"));
    for (const name of impersonated) delete headers[name];
    const passed = open({
      method: request.method,
      path,
      headers: {
        ...headers,
        "x-forwarded-uri": `${prefix}${path}`,
        "x-forwarded-host": request.headers.host,
      },
      createConnection: () => connection,
    });
    passed.on("error", reject);
    passed.on("response", resolve);
    request.pipe(passed);
  });
}

function passedOn(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const named = (headers.connection ?? "").toLowerCase().split(/\s*,\s*/);
  const entries = Object.entries(headers).filter(([name]) => !hopByHop.has(name) && !named.includes(name));
  return Object.fromEntries(entries);
}

function unreachable(error: unknown): never {
  const why = error instanceof Error ? error.message : String(error);
  throw new StatusError("ServiceUnavailable", `error trying to reach service: ${why}`);
}
