import { constants, createInflate, type Inflate } from "node:zlib";
import { headerDictionary } from "./dictionary.ts";

/** Headers of a stream, names in lower case. Of a header that occurs several times, the first value counts. */
export type StreamHeaders = ReadonlyMap<string, string>;

/** Far more than any client of Kubernetes sends. */
const longestBlock = 64 << 10;

/**
 * Reads the header blocks of one direction of a connection. They share one zlib stream, so each must be given, in order.
 */
export class HeaderReader {
  readonly #inflate: Inflate;
  #chunks: Buffer[] = [];
  #size = 0;
  #failed: ((error: Error) => void) | undefined;

  constructor() {
    this.#inflate = createInflate({ dictionary: headerDictionary, flush: constants.Z_SYNC_FLUSH });
    this.#inflate.on("data", (chunk: Buffer) => {
      this.#size += chunk.length;
      if (this.#size > longestBlock) this.#inflate.destroy(new RangeError("SPDY headers are too long"));
      else this.#chunks.push(chunk);
    });
    this.#inflate.on("error", (error) => this.#failed?.(error));
  }

  /** Rejects for what is no header block. The connection is of no use then. */
  async read(block: Buffer): Promise<StreamHeaders> {
    this.#chunks = [];
    this.#size = 0;
    await new Promise<void>((resolve, reject) => {
      this.#failed = reject;
      // What the stream gives out it gives out before it says that it has taken the block in, or in the same turn.
      this.#inflate.write(block, (error) => (error ? reject(error) : setImmediate(resolve)));
    });
    return parseHeaders(Buffer.concat(this.#chunks));
  }

  close(): void {
    this.#inflate.destroy();
  }
}

/** Pairs of name and value, each with its length before it (SPDY draft 3.1, section 2.6.10). */
function parseHeaders(block: Buffer): StreamHeaders {
  let at = 0;
  const number = () => {
    at += 4;
    return block.readUInt32BE(at - 4);
  };
  const text = () => {
    const length = number();
    if (at + length > block.length) throw new RangeError("SPDY header block ends early");
    at += length;
    return block.toString("utf8", at - length, at);
  };
  const headers = new Map<string, string>();
  for (let count = number(); count > 0; count -= 1) {
    const name = text().toLowerCase();
    headers.set(name, text().split("\0")[0]!);
  }
  return headers;
}

/**
 * Writes header blocks without any header, which is all that a server of Kubernetes has to say. They are zlib streams of
 * stored blocks (RFC 1951, section 3.2.4): nothing is compressed, so there is no state to keep. An empty block follows
 * each, for readers that give out what they have only then.
 */
export class EmptyHeaderWriter {
  #begun = false;

  next(): Buffer {
    const head = this.#begun ? [] : [0x78, 0x01];
    this.#begun = true;
    return Buffer.from([...head, 0, 4, 0, 0xfb, 0xff, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]);
  }
}
