import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Answers one request, well or badly. */
export type Step = (response: http.ServerResponse, request: http.IncomingMessage) => void;

export interface ScriptedServer {
  readonly socketPath: string;
  /** `METHOD url` of every request that came. */
  readonly requests: readonly string[];
  stop(): Promise<void>;
}

/** A server that plays a script, one step a request; after the last step requests get no answer. */
export async function startScript(...steps: Step[]): Promise<ScriptedServer> {
  const directory = mkdtempSync(join(tmpdir(), "portcullis-script-"));
  const socketPath = join(directory, "s");
  const requests: string[] = [];
  const server = http.createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    request.resume();
    steps.shift()?.(response, request);
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return {
    socketPath,
    requests,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(directory, { recursive: true });
    },
  };
}

export function pod(name: string, version: number, more: Record<string, unknown> = {}) {
  const metadata = { name, namespace: "n", resourceVersion: String(version) };
  return { apiVersion: "v1", kind: "Pod", metadata, ...more };
}

export function list(version: number, ...items: unknown[]): Step {
  return answer(200, { kind: "PodList", metadata: { resourceVersion: String(version) }, items });
}

export function answer(code: number, body: unknown): Step {
  return (response) => {
    response.writeHead(code, { "content-type": "application/json" });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };
}

export function status(code: number, reason: string, message = reason): unknown {
  return { kind: "Status", apiVersion: "v1", status: "Failure", code, reason, message };
}

type ScriptedEvent = readonly [type: string, object: unknown];

/** Sends the events; then the watch ends, hangs, or breaks. */
export function events(then: "end" | "hang" | "break", ...all: ScriptedEvent[]): Step {
  return (response) => {
    response.writeHead(200);
    response.flushHeaders();
    const last = all.at(-1);
    for (const [type, object] of all.slice(0, -1)) response.write(`${JSON.stringify({ type, object })}\n`);
    const finish = () => {
      if (then === "end") response.end();
      if (then === "break") setTimeout(() => response.destroy(), 5);
    };
    if (last === undefined) finish();
    else response.write(`${JSON.stringify({ type: last[0], object: last[1] })}\n`, finish);
  };
}
