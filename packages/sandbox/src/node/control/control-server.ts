import { chmodSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Control } from "../../control.ts";
import { type StreamHandlers, serveStream } from "../streams/serve-streams.ts";
import { ControlRefusal } from "./control-refusal.ts";

/** What answers each request; the second argument aborts when the caller has gone away. */
export type ControlHandlers = {
  readonly [Name in keyof Control]: (
    request: Control[Name]["request"],
    signal: AbortSignal,
  ) => Promise<Control[Name]["answer"]>;
};

const longestRequest = 16 << 20;

/** Serves the control requests on a Unix socket that only its owner can open. */
export function serveControl(
  socketPath: string,
  handlers: ControlHandlers,
  streams: StreamHandlers,
): Promise<void> {
  const server = createServer((request, response) => void handle(request, response, handlers));
  server.on("upgrade", (request, connection) => void serveStream(request, connection, streams));
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(socketPath, () => {
      chmodSync(socketPath, 0o600);
      resolve();
    });
  });
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  handlers: ControlHandlers,
): Promise<void> {
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  try {
    const name = request.url?.slice(1) ?? "";
    if (request.method !== "POST" || !Object.hasOwn(handlers, name))
      throw new ControlRefusal(`no ${name} here`);
    const handler = handlers[name as keyof Control] as (
      body: unknown,
      signal: AbortSignal,
    ) => Promise<unknown>;
    answer(response, 200, await handler(JSON.parse(await bodyOf(request)), gone.signal));
  } catch (error) {
    answer(response, error instanceof ControlRefusal ? 400 : 500, { message: (error as Error).message });
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > longestRequest) throw new ControlRefusal("the request is too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed) return;
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
