import { answerDiscovery } from "../discovery/discovery.ts";
import { answerOpenApi } from "../openapi/openapi.ts";
import { answer } from "./answer.ts";
import type { Exchange } from "./exchange.ts";
import { methodNotAllowed } from "./refuse.ts";

/** What is served, as documents; undefined for paths that are not about that. */
export function onDiscovery(exchange: Exchange): Promise<void> | undefined {
  const { request, response, path, options } = exchange;
  const { accept } = request.headers;
  const { defs } = options.registry;
  const document = answerDiscovery(path, accept, defs) ?? answerOpenApi(path, accept, options.schemas, defs);
  if (document === undefined) return undefined;
  if (request.method !== "GET") throw methodNotAllowed();
  const { etag } = document;
  if (etag !== undefined) {
    response.setHeader("vary", "Accept");
    response.setHeader("etag", etag);
    if (request.headers["if-none-match"] === etag) return notModified(exchange);
  }
  return answer(exchange, 200, document.contentType, document.body);
}

async function notModified({ response }: Exchange): Promise<void> {
  response.writeHead(304).end();
}
