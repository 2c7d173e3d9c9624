import { Duplex } from "node:stream";
import type { StreamHeaders } from "./header-block.ts";

/** What a stream needs of its connection. */
export interface StreamOwner {
  /** Calls back when the bytes are on their way, or the connection is gone. */
  sendData(streamId: number, chunk: Buffer, last: boolean, then: () => void): void;
  sendReset(streamId: number): void;
  forget(streamId: number): void;
}

/** How much of one stream is held for a slow reader before the whole connection waits; SPDY's clients know no windows. */
const backlog = 1 << 20;

/** One stream that the client opened: what it sends is read, what is written goes to it. Each half ends by itself. */
export class SpdyStream extends Duplex {
  readonly id: number;
  readonly headers: StreamHeaders;
  readonly #owner: StreamOwner;
  #ended = false;
  #wanted: (() => void) | undefined;

  constructor(id: number, headers: StreamHeaders, owner: StreamOwner) {
    super({ readableHighWaterMark: backlog, allowHalfOpen: true });
    this.id = id;
    this.headers = headers;
    this.#owner = owner;
    // Whoever uses the stream learns of its end by `close`; a reset is no failure of ours.
    this.on("error", () => {});
  }

  /** From the connection: bytes that came in. A promise when the reader must be waited for before more may come. */
  receive(chunk: Buffer, last: boolean): Promise<void> | undefined {
    if (this.#ended || this.destroyed) return undefined;
    const room = chunk.length === 0 || this.push(chunk);
    if (last) {
      this.#ended = true;
      this.push(null);
    }
    if (room || last) return undefined;
    return new Promise((resolve) => {
      this.#wanted = resolve;
    });
  }

  override _read(): void {
    this.#release();
  }

  override _write(chunk: Buffer, _encoding: string, callback: () => void): void {
    this.#owner.sendData(this.id, chunk, false, callback);
  }

  override _final(callback: () => void): void {
    this.#owner.sendData(this.id, Buffer.alloc(0), true, callback);
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    if (!this.#ended || !this.writableFinished) this.#owner.sendReset(this.id);
    this.#owner.forget(this.id);
    this.#release();
    callback(error);
  }

  #release(): void {
    this.#wanted?.();
    this.#wanted = undefined;
  }
}
