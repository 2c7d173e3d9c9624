import type { Duplex } from "node:stream";
import {
  controlFrame,
  dataHead,
  type Frame,
  frameTypes,
  lastFlag,
  longestPayload,
  resetStatus,
  words,
} from "./frame.ts";
import { FrameParser } from "./frame-parser.ts";
import { EmptyHeaderWriter, HeaderReader } from "./header-block.ts";
import { SpdyStream, type StreamOwner } from "./stream.ts";

/** A frame is held as a whole before it is passed on; clients of Kubernetes send 32 KiB. */
const longestFrame = 16 << 20;

const mostStreams = 4096;

/** Two unanswered tries tell of a client that is gone while nothing is read from it. */
const heartbeatMs = 1_000;

/** How long the client is waited for to hang up after the last word. */
const lingerMs = 5_000;

/**
 * The server's end of a SPDY/3.1 connection, as much of it as Kubernetes uses: streams opened by the client, data both
 * ways, half-close, reset, ping. There is no flow control by windows: no client keeps to them.
 */
export class SpdyConnection implements StreamOwner {
  /** Resolves when the connection is gone, for whatever reason; all streams are destroyed then. */
  readonly closed: Promise<void>;
  readonly #transport: Duplex;
  readonly #headers = new HeaderReader();
  readonly #replies = new EmptyHeaderWriter();
  readonly #streams = new Map<number, SpdyStream>();
  readonly #onStream: (stream: SpdyStream) => void;
  #lastStream = 0;
  #pings = 0;
  #ending = false;

  constructor(transport: Duplex, onStream: (stream: SpdyStream) => void) {
    this.#transport = transport;
    this.#onStream = onStream;
    transport.on("error", () => {});
    this.closed = new Promise((resolve) => transport.once("close", resolve));
    void this.closed.then(() => this.#shut());
    void this.#run();
  }

  /** Ends the connection after what was written so far; what still comes in is dropped. */
  async end(): Promise<void> {
    this.#ending = true;
    for (const stream of this.#streams.values()) stream.resume();
    if (this.#transport.destroyed) return;
    this.#transport.end();
    const timer = setTimeout(() => this.#transport.destroy(), lingerMs);
    await this.closed;
    clearTimeout(timer);
  }

  destroy(): void {
    this.#transport.destroy();
  }

  sendData(streamId: number, chunk: Buffer, last: boolean, then: () => void): void {
    if (!this.#transport.writable) return void then();
    this.#transport.cork();
    let from = 0;
    for (; chunk.length - from > longestPayload; from += longestPayload) {
      this.#transport.write(dataHead(streamId, longestPayload, false));
      this.#transport.write(chunk.subarray(from, from + longestPayload));
    }
    this.#transport.write(dataHead(streamId, chunk.length - from, last));
    this.#transport.write(chunk.subarray(from), () => then());
    this.#transport.uncork();
  }

  sendReset(streamId: number): void {
    this.#send(frameTypes.rstStream, words(streamId, resetStatus.cancel));
  }

  forget(streamId: number): void {
    this.#streams.delete(streamId);
  }

  async #run(): Promise<void> {
    const parser = new FrameParser(longestFrame);
    try {
      for await (const chunk of this.#transport as AsyncIterable<Buffer>)
        for (const frame of parser.push(chunk)) await this.#onFrame(frame);
    } catch {
      // A broken connection, or one that does not keep to the protocol.
    }
    this.#transport.destroy();
  }

  async #onFrame(frame: Frame): Promise<void> {
    if (frame.kind === "data") return this.#onData(frame.streamId, frame.payload, frame.last);
    const { type, flags, payload } = frame;
    if (type === frameTypes.synStream) await this.#open(payload, flags);
    if (type === frameTypes.rstStream) this.#streams.get(payload.readUInt32BE())?.destroy();
    // Even numbers are answers to pings of ours.
    if (type === frameTypes.ping && payload.readUInt32BE() % 2 === 1) this.#send(frameTypes.ping, payload);
  }

  async #onData(streamId: number, payload: Buffer, last: boolean): Promise<void> {
    const stream = this.#streams.get(streamId);
    if (stream === undefined || this.#ending) return;
    const room = stream.receive(payload, last);
    if (room === undefined) return;
    const ping = () => {
      this.#pings += 2;
      this.#send(frameTypes.ping, words(this.#pings));
    };
    const heartbeat = setInterval(ping, heartbeatMs);
    await room;
    clearInterval(heartbeat);
  }

  async #open(payload: Buffer, flags: number): Promise<void> {
    const id = payload.readUInt32BE() & 0x7fffffff;
    // Two words for the stream and the one it belongs to, two bytes of priority.
    const headers = await this.#headers.read(payload.subarray(10));
    if (id <= this.#lastStream || id % 2 === 0) throw new RangeError(`SPDY stream ${id} out of order`);
    this.#lastStream = id;
    if (this.#streams.size >= mostStreams) {
      this.#send(frameTypes.rstStream, words(id, resetStatus.refusedStream));
      return;
    }
    const stream = new SpdyStream(id, headers, this);
    this.#streams.set(id, stream);
    this.#send(frameTypes.synReply, Buffer.concat([words(id), this.#replies.next()]));
    if ((flags & lastFlag) !== 0) void stream.receive(Buffer.alloc(0), true);
    this.#onStream(stream);
  }

  #send(type: number, payload: Buffer): void {
    if (this.#transport.writable) this.#transport.write(controlFrame(type, payload));
  }

  #shut(): void {
    for (const stream of [...this.#streams.values()]) stream.destroy();
    this.#headers.close();
  }
}
