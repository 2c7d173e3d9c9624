import type { WebSocket } from "ws";
import type { TerminalOptions } from "../pod-streams.ts";
import { base64Codec, binaryCodec } from "../websocket/channel-codec.ts";
import { ChannelSocket } from "../websocket/channel-socket.ts";
import type { CommandChannels } from "./command-channels.ts";

/** Subprotocols of exec and attach, by WebSocket. */
export const commandSubprotocols = [
  "v5.channel.k8s.io",
  "v4.channel.k8s.io",
  "v4.base64.channel.k8s.io",
  "channel.k8s.io",
  "base64.channel.k8s.io",
] as const;

const numbers = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4 } as const;

/** @param protocol One of the above, or empty, which is the same as `channel.k8s.io`. */
export function webSocketChannels(
  webSocket: WebSocket,
  protocol: string,
  io: TerminalOptions,
): CommandChannels {
  const codec = protocol.includes("base64") ? base64Codec : binaryCodec;
  const socket = new ChannelSocket(webSocket, codec, protocol.startsWith("v5."));
  const withStatus = protocol.startsWith("v");
  // A first message without content tells clients that wait for one that the connection stands.
  const first = io.stdout ? numbers.stdout : io.stderr ? numbers.stderr : numbers.error;
  void socket.send(first, Buffer.alloc(0));
  return {
    ...(io.stdin ? { stdin: socket.incoming(numbers.stdin) } : {}),
    ...(io.stdout ? { stdout: socket.outgoing(numbers.stdout) } : {}),
    ...(io.stderr ? { stderr: socket.outgoing(numbers.stderr) } : {}),
    ...(io.tty ? { resize: socket.incoming(numbers.resize) } : {}),
    closed: socket.closed,
    finish: async ({ status, text }) => {
      const last = withStatus ? JSON.stringify(status) : text;
      if (last !== "") await socket.send(numbers.error, Buffer.from(last));
      await socket.end();
    },
  };
}
