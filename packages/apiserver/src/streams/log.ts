import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ApiObject } from "../api-object.ts";
import { asRecord, asString } from "../json.ts";
import { StatusError } from "../status.ts";
import { containerStatus, findContainer } from "./find-container.ts";
import { logOptions } from "./log-options.ts";
import type { PodStreams } from "./pod-streams.ts";
import type { Upgrade } from "./upgrade.ts";
import { acceptWebSocket, chooseSubprotocol } from "./websocket/accept.ts";
import { closeWebSocket } from "./websocket/close.ts";
import { send } from "./websocket/send.ts";

/** The request and what it is answered with. */
interface LogExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
}

/**
 * Answers GET of the `log` subresource: plain text, with `follow` until the container ends or the client goes.
 * @throws StatusError before anything was answered.
 */
export async function answerLog(
  { request, response, query }: LogExchange,
  pod: ApiObject,
  streams: PodStreams,
): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const log = await openLog(query, pod, streams, gone.signal);
  response.setHeader("content-type", "text/plain");
  if (request.method === "HEAD") {
    log.destroy();
    return void response.end();
  }
  // Who follows a silent container learns at once that it is there.
  response.flushHeaders();
  // A client that goes away in the middle is no failure of ours.
  await pipeline(log, response).catch(() => response.destroy());
}

/** The subprotocols by which a log can be read, which say how its bytes are sent. None is the same as the first. */
const logSubprotocols = ["binary.k8s.io", "base64.binary.k8s.io"] as const;

/**
 * The same by WebSocket: a message for each piece of it, in base64 for clients that cannot take bytes.
 * @throws StatusError or UpgradeRefusal before the handshake was answered.
 */
export async function serveLog(
  { request, socket, head, query }: Pick<Upgrade, "request" | "socket" | "head" | "query">,
  pod: ApiObject,
  streams: PodStreams,
): Promise<void> {
  const protocol = chooseSubprotocol(request, logSubprotocols);
  const gone = new AbortController();
  const log = await openLog(query, pod, streams, gone.signal);
  // Of the connection itself, which may also end with a handshake that is no good.
  const end = () => {
    gone.abort();
    log.destroy();
  };
  if (socket.destroyed) return end();
  socket.once("close", end);
  const webSocket = await acceptWebSocket(request, socket, head, protocol);
  try {
    for await (const piece of log as AsyncIterable<Buffer | string>) {
      const bytes = Buffer.from(piece);
      await send(webSocket, protocol === "base64.binary.k8s.io" ? bytes.toString("base64") : bytes);
    }
  } catch {
    // The client went away in the middle, or what runs the container did.
  }
  await closeWebSocket(webSocket);
}

/** @throws StatusError when there is no log to read. */
async function openLog(
  query: URLSearchParams,
  pod: ApiObject,
  streams: PodStreams,
  gone: AbortSignal,
): Promise<Readable> {
  const target = findContainer(pod, query.get("container") ?? "");
  const options = logOptions(query);
  // A pod that no node has taken yet has said nothing.
  if (asString(asRecord(pod.spec).nodeName) === "") return Readable.from([]);
  requireLog(pod, target.container, options.previous);
  return streams.logs(target, options, gone);
}

/** @throws StatusError BadRequest in the kubelet's words when there is no log to read. */
function requireLog(pod: ApiObject, container: string, previous: boolean): void {
  const { state, lastState } = containerStatus(pod, container);
  const quoted = `container ${JSON.stringify(container)} in pod ${JSON.stringify(pod.metadata.name)}`;
  const ended = asRecord(lastState).terminated !== undefined;
  if (previous && !ended) throw new StatusError("BadRequest", `previous terminated ${quoted} not found`);
  const { running, terminated, waiting } = asRecord(state);
  const last = asRecord(
    previous ? asRecord(lastState).terminated : (terminated ?? asRecord(lastState).terminated),
  );
  // What never ran has no log; why it did not is what the reader wants to know.
  if (last.reason === "StartError" && (previous || running === undefined))
    throw new StatusError("BadRequest", `${quoted} did not start: ${asString(last.message)}`);
  if (previous || ended || running !== undefined || terminated !== undefined) return;
  if (waiting === undefined) throw new StatusError("BadRequest", `${quoted} is not available`);
  throw new StatusError("BadRequest", `${quoted} is waiting to start: ${whyWaiting(waiting)}`);
}

function whyWaiting(waiting: unknown): string {
  const reason = asString(asRecord(waiting).reason);
  if (reason === "ErrImagePull") return "image can't be pulled";
  if (reason === "ImagePullBackOff") return "trying and failing to pull image";
  return reason;
}
