import { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { StatusError } from "../../status.ts";
import { base64Codec, binaryCodec } from "../websocket/channel-codec.ts";
import { ChannelSocket } from "../websocket/channel-socket.ts";
import { type Dial, join } from "./forward.ts";

/** Subprotocols of port-forward by channels: two a port, one connection each. */
export const portForwardSubprotocols = ["v4.channel.k8s.io", "v4.base64.channel.k8s.io"] as const;

/** SPDY within WebSocket, in which a client makes any number of connections. */
export const tunnelSubprotocols = ["SPDY/3.1+portforward.k8s.io", "v2.portforward.k8s.io"] as const;

/** Channels are numbered by one byte, and 255 has a meaning of its own. */
const mostPorts = 127;

/** The ports of a query: several of the parameter, or one with commas. @throws StatusError BadRequest */
export function portsParam(query: URLSearchParams): number[] {
  const texts = query.getAll("ports").flatMap((text) => text.split(","));
  if (texts.length === 0) throw new StatusError("BadRequest", 'query parameter "ports" is required');
  const ports = texts.map(Number);
  const wrong = texts.find(
    (text, index) => !/^\d+$/.test(text) || ports[index]! < 1 || ports[index]! > 0xffff,
  );
  if (wrong !== undefined)
    throw new StatusError("BadRequest", `unable to parse ${JSON.stringify(wrong)} as a port`);
  if (ports.length > mostPorts)
    throw new StatusError("BadRequest", `at most ${mostPorts} ports are forwarded`);
  return ports;
}

/** Resolves when the client is gone, or every port's connection has ended. */
export async function serveChannelPortForward(
  webSocket: WebSocket,
  protocol: string,
  ports: readonly number[],
  dial: Dial,
): Promise<void> {
  const codec = protocol.includes("base64") ? base64Codec : binaryCodec;
  const socket = new ChannelSocket(webSocket, codec, false);
  const connections = ports.map((port, index) => forward(socket, port, 2 * index, dial));
  await Promise.race([socket.closed, Promise.all(connections)]);
  await socket.end();
}

async function forward(socket: ChannelSocket, port: number, channel: number, dial: Dial): Promise<void> {
  const data = Duplex.from({ readable: socket.incoming(channel), writable: socket.outgoing(channel) });
  data.on("error", () => {});
  const first = Buffer.alloc(2);
  first.writeUInt16LE(port);
  await Promise.all([socket.send(channel, first), socket.send(channel + 1, first)]);
  try {
    const pod = await dial(port);
    if (data.destroyed) return void pod.destroy();
    // The client cannot end its half: the pod's end, once told, is the end.
    data.once("finish", () => data.destroy());
    await join(data, pod);
  } catch (failure) {
    await socket.send(channel + 1, Buffer.from((failure as Error).message));
  }
}
