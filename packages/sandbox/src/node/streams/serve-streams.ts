import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type ControlStreams, streamProtocol } from "../../control.ts";
import { ControlRefusal } from "../control/control-refusal.ts";

/** What prepares each stream; then it is given the connection. A ControlRefusal is told to the caller. */
export type StreamHandlers = {
  readonly [Name in keyof ControlStreams]: (
    request: ControlStreams[Name],
  ) => Promise<(connection: Duplex) => void> | ((connection: Duplex) => void);
};

/** Answers one request for a stream, which the HTTP server has let go of. Never rejects. */
export async function serveStream(
  request: IncomingMessage,
  connection: Duplex,
  handlers: StreamHandlers,
): Promise<void> {
  connection.on("error", () => {});
  try {
    const [name = "", json = ""] = (request.url ?? "").slice(1).split("?");
    if (request.headers.upgrade !== streamProtocol || !Object.hasOwn(handlers, name))
      throw new ControlRefusal(`no stream ${name} here`);
    const prepare = handlers[name as keyof ControlStreams] as (
      body: unknown,
    ) => Promise<(connection: Duplex) => void>;
    const serve = await prepare(JSON.parse(decodeURIComponent(json)));
    const lines = ["HTTP/1.1 101 Switching Protocols", "Connection: Upgrade", `Upgrade: ${streamProtocol}`];
    connection.write(`${lines.join("\r\n")}\r\n\r\n`);
    serve(connection);
  } catch (error) {
    const code = error instanceof ControlRefusal ? "400 Bad Request" : "500 Internal Server Error";
    const body = JSON.stringify({ message: (error as Error).message });
    connection.end(
      `HTTP/1.1 ${code}\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }
}
