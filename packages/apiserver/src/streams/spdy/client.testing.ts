import { request } from "node:http";
import type { Duplex } from "node:stream";
import { constants, createDeflate, type Deflate } from "node:zlib";
import { headerDictionary } from "./dictionary.ts";
import { controlFrame, dataHead, type Frame, frameTypes, words } from "./frame.ts";
import { FrameParser } from "./frame-parser.ts";

/** What the server said on one stream, to the end. */
export interface TestStream {
  readonly id: number;
  /** Resolves at the stream's end. */
  readonly text: Promise<string>;
  readonly bytes: () => number;
  write(chunk: Buffer | string): Promise<void>;
  end(): void;
  reset(): void;
}

/** The client's end of SPDY, as little of it as kubectl uses, written apart from the server's. */
export class SpdyClient {
  readonly transport: Duplex;
  /** Frames of the server that are neither replies nor data. */
  readonly others: Frame[] = [];
  readonly closed: Promise<void>;
  readonly #deflate: Deflate = createDeflate({ dictionary: headerDictionary });
  readonly #chunks = new Map<number, Buffer[]>();
  readonly #ends = new Map<number, () => void>();
  readonly #replies = new Map<number, () => void>();
  #next = 1;
  #opening: Promise<unknown> = Promise.resolve();

  constructor(transport: Duplex) {
    this.transport = transport;
    transport.on("error", () => {});
    this.closed = new Promise((resolve) => transport.once("close", () => resolve()));
    const parser = new FrameParser(1 << 24);
    transport.on("data", (chunk: Buffer) => {
      for (const frame of parser.push(chunk)) this.#onFrame(frame);
    });
    transport.on("close", () => {
      for (const end of this.#ends.values()) end();
    });
  }

  /** Opens a stream; resolves when the server has taken it. */
  open(headers: Readonly<Record<string, string>>, last = false): Promise<TestStream> {
    // One after the other: their headers are one zlib stream.
    const opening = this.#opening.then(() => this.#open(headers, last));
    this.#opening = opening;
    return opening;
  }

  async #open(headers: Readonly<Record<string, string>>, last: boolean): Promise<TestStream> {
    const id = this.#next;
    this.#next += 2;
    this.#chunks.set(id, []);
    const text = new Promise<string>((resolve) =>
      this.#ends.set(id, () => resolve(Buffer.concat(this.#chunks.get(id)!).toString("latin1"))),
    );
    const replied = new Promise<void>((resolve) => this.#replies.set(id, resolve));
    const block = await this.#compress(headers);
    this.transport.write(
      controlFrame(frameTypes.synStream, Buffer.concat([words(id, 0), Buffer.alloc(2), block]), last ? 1 : 0),
    );
    await replied;
    return {
      id,
      text,
      bytes: () => this.#chunks.get(id)!.reduce((sum, chunk) => sum + chunk.length, 0),
      write: (chunk) => this.#write(id, Buffer.from(chunk)),
      end: () => void this.transport.write(dataHead(id, 0, true)),
      reset: () => void this.transport.write(controlFrame(frameTypes.rstStream, words(id, 5))),
    };
  }

  ping(number: number): void {
    this.transport.write(controlFrame(frameTypes.ping, words(number)));
  }

  #write(id: number, chunk: Buffer): Promise<void> {
    this.transport.write(dataHead(id, chunk.length, false));
    return new Promise((resolve) => this.transport.write(chunk, () => resolve()));
  }

  #onFrame(frame: Frame): void {
    if (frame.kind === "control") {
      if (frame.type === frameTypes.synReply) this.#replies.get(frame.payload.readUInt32BE())?.();
      else this.others.push(frame);
      return;
    }
    this.#chunks.get(frame.streamId)!.push(frame.payload);
    if (frame.last) this.#ends.get(frame.streamId)!();
  }

  #compress(headers: Readonly<Record<string, string>>): Promise<Buffer> {
    const pairs = Object.entries(headers);
    const texts = pairs.flat().map((text) => Buffer.concat([words(text.length), Buffer.from(text)]));
    const chunks: Buffer[] = [];
    const collect = (chunk: Buffer) => chunks.push(chunk);
    this.#deflate.on("data", collect);
    this.#deflate.write(Buffer.concat([words(pairs.length), ...texts]));
    return new Promise((resolve) => {
      this.#deflate.flush(constants.Z_SYNC_FLUSH, () =>
        setImmediate(() => {
          this.#deflate.off("data", collect);
          resolve(Buffer.concat(chunks));
        }),
      );
    });
  }
}

export interface Upgraded {
  readonly code: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
  readonly client?: SpdyClient;
}

/** Asks for SPDY/3.1 over HTTP. */
export function spdyUpgrade(
  socketPath: string,
  path: string,
  protocols: readonly string[],
): Promise<Upgraded> {
  const headers = {
    connection: "Upgrade",
    upgrade: "SPDY/3.1",
    "x-stream-protocol-version": [...protocols],
  };
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath, path, method: "POST", headers });
    asking.on("error", reject);
    asking.on("upgrade", ({ headers: answered }, socket, head) => {
      if (head.length > 0) socket.unshift(head);
      resolve({ code: 101, headers: answered, body: "", client: new SpdyClient(socket) });
    });
    asking.on("response", (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      response.on("end", () => resolve({ code: response.statusCode ?? 0, headers: response.headers, body }));
    });
    asking.end();
  });
}
