import { answerDiscovery } from "../discovery/discovery.ts";
import { answerOpenApi } from "../openapi/openapi.ts";
import { answer } from "./answer.ts";
import type { Exchange } from "./exchange.ts";
import { methodNotAllowed } from "./refuse.ts";

/** What is served, and how it looks, as documents; undefined for paths that are not about that. */
export function onDiscovery(exchange: Exchange): Promise<void> | undefined {
  const { request, path, options } = exchange;
  const { accept } = request.headers;
  const { defs } = options.registry;
  const document = answerDiscovery(path, accept, defs) ?? answerOpenApi(path, accept, options.schemas, defs);
  if (document === undefined) return undefined;
  if (request.method !== "GET") throw methodNotAllowed();
  return send(exchange, document);
}

interface Document {
  readonly contentType: string;
  readonly body: string | Buffer;
  readonly etag?: string;
}

/** Clients keep documents, and ask whether theirs is the newest. */
async function send(exchange: Exchange, { contentType, body, etag }: Document): Promise<void> {
  const { request, response } = exchange;
  if (etag !== undefined) {
    response.setHeader("etag", etag);
    response.setHeader("vary", "Accept");
    if (request.headers["if-none-match"] === etag) {
      response.writeHead(304).end();
      return;
    }
  }
  return answer(exchange, 200, contentType, body);
}
