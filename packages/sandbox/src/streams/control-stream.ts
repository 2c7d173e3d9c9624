import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { type ControlStreams, streamProtocol } from "../control.ts";
import { SandboxError } from "../error.ts";

/**
 * Opens a stream to the node part.
 * @throws SandboxError `pod` when it refuses, `not-running` when it is not there any more.
 */
export function openControlStream<Name extends keyof ControlStreams>(
  socketPath: string,
  name: Name,
  body: ControlStreams[Name],
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const gone = (error: Error) =>
      reject(new SandboxError("not-running", `the sandbox does not answer: ${error.message}`));
    const asking = request({
      path: `/${name}?${encodeURIComponent(JSON.stringify(body))}`,
      headers: { connection: "upgrade", upgrade: streamProtocol },
      // Either end may stop speaking and go on to listen.
      createConnection: () => connect({ path: socketPath, allowHalfOpen: true }),
    });
    asking.on("error", gone);
    asking.on("upgrade", (_response, socket: Socket, head) => {
      socket.on("error", () => {});
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    asking.on("response", (response) => {
      void text(response).then((answer) => {
        const { message } = JSON.parse(answer) as { message: string };
        reject(new SandboxError(response.statusCode === 400 ? "pod" : "failed", message));
      }, gone);
    });
    asking.end();
  });
}
