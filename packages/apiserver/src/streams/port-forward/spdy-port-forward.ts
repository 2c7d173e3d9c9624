import type { Duplex } from "node:stream";
import { SpdyConnection } from "../spdy/connection.ts";
import type { SpdyStream } from "../spdy/stream.ts";
import { type Dial, join } from "./forward.ts";

/** The stream protocol of port-forward. */
export const portForwardProtocol = "portforward.k8s.io";

/** As the kubelet has it: how long one stream of a pair waits for the other. */
const pairTimeoutMs = 30_000;

/**
 * Serves a client that opens a pair of streams for each of its connections: `error` for what goes wrong, `data` for the
 * bytes. Resolves when the client is gone.
 */
export async function servePortForward(transport: Duplex, dial: Dial): Promise<void> {
  const waiting = new Map<string, { readonly stream: SpdyStream; readonly timer: NodeJS.Timeout }>();
  const connection = new SpdyConnection(transport, (stream) => {
    const type = stream.headers.get("streamtype");
    const port = portOf(stream);
    if ((type !== "error" && type !== "data") || port === undefined) return void stream.destroy();
    const id = requestId(stream, type);
    const other = waiting.get(id);
    if (other === undefined) {
      const timer = setTimeout(() => {
        waiting.delete(id);
        stream.destroy();
      }, pairTimeoutMs);
      waiting.set(id, { stream, timer });
      return;
    }
    waiting.delete(id);
    clearTimeout(other.timer);
    const [data, error] = type === "data" ? [stream, other.stream] : [other.stream, stream];
    void forward(data, error, port, dial);
  });
  await connection.closed;
  for (const { timer } of waiting.values()) clearTimeout(timer);
}

async function forward(data: SpdyStream, error: SpdyStream, port: number, dial: Dial): Promise<void> {
  error.resume();
  try {
    const pod = await dial(port);
    if (data.destroyed) return void pod.destroy();
    await join(data, pod);
  } catch (failure) {
    error.write((failure as Error).message);
    data.resume();
    data.end();
  }
  error.end();
}

/** Clients older than the header open the error stream first and the data stream next. */
function requestId(stream: SpdyStream, type: "error" | "data"): string {
  return stream.headers.get("requestid") ?? `stream ${type === "error" ? stream.id : stream.id - 2}`;
}

function portOf({ headers }: SpdyStream): number | undefined {
  const port = Number(headers.get("port"));
  return Number.isInteger(port) && port > 0 && port <= 0xffff ? port : undefined;
}
