import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { ApiObject } from "../api-object.ts";
import { asRecord, asString } from "../json.ts";
import { StatusError } from "../status.ts";
import { containerStatus, findContainer } from "./find-container.ts";
import { logOptions } from "./log-options.ts";
import type { PodStreams } from "./pod-streams.ts";

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
  const target = findContainer(pod, query.get("container") ?? "");
  const options = logOptions(query);
  response.setHeader("content-type", "text/plain");
  // A pod that no node has taken yet has said nothing.
  if (asString(asRecord(pod.spec).nodeName) === "") return void response.end();
  requireLog(pod, target.container, options.previous);
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const log = await streams.logs(target, options, gone.signal);
  if (request.method === "HEAD") {
    log.destroy();
    return void response.end();
  }
  // Who follows a silent container learns at once that it is there.
  response.flushHeaders();
  // A client that goes away in the middle is no failure of ours.
  await pipeline(log, response).catch(() => response.destroy());
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
