import { Readable, Writable } from "node:stream";
import type { RawData, WebSocket } from "ws";
import type { ChannelCodec } from "./channel-codec.ts";
import { closeWebSocket } from "./close.ts";
import { send } from "./send.ts";

/** How much of one channel is held for a slow reader before the whole connection waits. */
const backlog = 1 << 20;

/** Two unanswered tries tell of a client that is gone while nothing is read from it. */
const heartbeatMs = 1_000;

/** In `v5.channel.k8s.io` a message on this channel says that another one, named by its byte, is at its end. */
const closeChannel = 255;

/** A WebSocket that carries numbered channels. */
export class ChannelSocket {
  /** Resolves when the connection is gone, for whatever reason. */
  readonly closed: Promise<void>;
  readonly #socket: WebSocket;
  readonly #codec: ChannelCodec;
  readonly #incoming = new Map<number, Readable>();
  readonly #full = new Set<number>();
  #heartbeat: NodeJS.Timeout | undefined;

  /** @param halfClose Whether the client may end single channels. */
  constructor(socket: WebSocket, codec: ChannelCodec, halfClose: boolean) {
    this.#socket = socket;
    this.#codec = codec;
    this.closed = new Promise((resolve) => socket.once("close", () => resolve()));
    void this.closed.then(() => this.#shut());
    socket.on("message", (message: RawData) => {
      const decoded = codec.decode(message);
      if (decoded === undefined) return;
      const { channel, bytes } = decoded;
      if (!halfClose || channel !== closeChannel) this.#receive(channel, bytes);
      else if (bytes[0] !== undefined) this.#incoming.get(bytes[0])?.push(null);
    });
  }

  /** What the client sends on a channel. Must be called before the first message is awaited. */
  incoming(channel: number): Readable {
    const readable = new Readable({
      highWaterMark: backlog,
      read: () => this.#drained(channel),
      destroy: (error, callback) => {
        this.#drained(channel);
        callback(error);
      },
    });
    readable.on("error", () => {});
    this.#incoming.set(channel, readable);
    return readable;
  }

  /** Writes to a channel. What is written after the connection is gone is lost without an error. */
  outgoing(channel: number): Writable {
    return new Writable({
      write: (chunk: Buffer, _encoding, callback) => void this.send(channel, chunk).then(() => callback()),
    });
  }

  /** Resolves when the bytes are on their way, or the connection is gone. */
  send(channel: number, bytes: Buffer): Promise<void> {
    return send(this.#socket, this.#codec.encode(channel, bytes));
  }

  /** Ends the connection after what was sent so far. */
  async end(): Promise<void> {
    for (const readable of this.#incoming.values()) readable.destroy();
    await closeWebSocket(this.#socket);
  }

  #receive(channel: number, bytes: Buffer): void {
    const readable = this.#incoming.get(channel);
    if (readable === undefined || readable.readableEnded || readable.destroyed || bytes.length === 0) return;
    if (readable.push(bytes)) return;
    this.#full.add(channel);
    if (this.#full.size > 1) return;
    this.#socket.pause();
    this.#heartbeat = setInterval(() => this.#socket.ping(), heartbeatMs);
  }

  #drained(channel: number): void {
    if (!this.#full.delete(channel) || this.#full.size > 0) return;
    clearInterval(this.#heartbeat);
    this.#socket.resume();
  }

  #shut(): void {
    clearInterval(this.#heartbeat);
    for (const readable of this.#incoming.values()) readable.destroy();
  }
}
