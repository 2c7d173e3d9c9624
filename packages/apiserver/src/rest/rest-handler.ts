import type { IncomingMessage, ServerResponse } from "node:http";
import { admit } from "../auth/admit.ts";
import { systemMaster } from "../auth/user.ts";
import { StatusError } from "../status.ts";
import { answer } from "./answer.ts";
import { onDiscovery } from "./discovery-request.ts";
import { type Exchange, type RestOptions, splitUrl } from "./exchange.ts";
import { methodNotAllowed } from "./refuse.ts";
import { onResource } from "./resource-request.ts";
import { onServerPath } from "./server-paths.ts";

/** Answers one request; never rejects. Failures of the request are answered with a Status, our own with 500. */
export async function handleRequest(
  request: IncomingMessage,
  response: ServerResponse,
  options: RestOptions,
): Promise<void> {
  const warnings: string[] = [];
  try {
    const user = options.access === undefined ? systemMaster : admit(request, options.access);
    const url = splitUrl(request.url ?? "/");
    await route({ request, response, ...url, user, options, warnings });
  } catch (error) {
    await refuse({ request, response, warnings }, error).catch(() => response.destroy());
  }
}

async function route(exchange: Exchange): Promise<void> {
  const { method } = exchange.request;
  if (method === "HEAD" || method === "OPTIONS") throw methodNotAllowed();
  const answered = onServerPath(exchange);
  if (answered !== undefined) return answered;
  const described = onDiscovery(exchange);
  if (described !== undefined) return described;
  if (/^\/apis?\/./.test(exchange.path)) return onResource(exchange);
  return answer(exchange, 404, "text/plain; charset=utf-8", "404 page not found\n");
}

/** Once an answer has begun there is no other way to tell of a failure than to break off. */
async function refuse(exchange: Pick<Exchange, "request" | "response" | "warnings">, error: unknown) {
  const { request, response } = exchange;
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const { status } = error instanceof StatusError ? error : fault(error);
  // What is left of a refused body is read and dropped; the connection is of no further use.
  if (!request.complete) response.setHeader("connection", "close");
  const { retryAfterSeconds } = status.details ?? {};
  if (retryAfterSeconds !== undefined) response.setHeader("retry-after", retryAfterSeconds);
  await answer(exchange, status.code, "application/json", JSON.stringify(status));
}

function fault(error: unknown): StatusError {
  const what = error instanceof Error ? error.message : String(error);
  const causes = [{ reason: "InternalError", message: what }];
  return new StatusError("InternalError", `Internal error occurred: ${what}`, { causes });
}
