import { type Frame, headSize, lastFlag } from "./frame.ts";

/** Cuts a stream of bytes, however it is chunked, into frames. */
export class FrameParser {
  #chunks: Buffer[] = [];
  #size = 0;
  readonly #longest: number;

  /** @param longest The longest payload that is taken, in bytes. */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /** The frames that are complete with this chunk. Throws RangeError for a frame that is too long. */
  push(chunk: Buffer): Frame[] {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    const frames: Frame[] = [];
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) frames.push(frame);
    return frames;
  }

  #next(): Frame | undefined {
    if (this.#size < headSize) return undefined;
    const head = this.#first(headSize);
    const length = head.readUInt32BE(4) & 0xffffff;
    if (length > this.#longest) throw new RangeError(`SPDY frame of ${length} bytes`);
    if (this.#size < headSize + length) return undefined;
    const whole = this.#first(headSize + length);
    this.#drop(headSize + length);
    const payload = whole.subarray(headSize, headSize + length);
    const first = whole.readUInt32BE();
    const flags = whole[4]!;
    if (first < 0x80000000) return { kind: "data", streamId: first, last: (flags & lastFlag) !== 0, payload };
    return { kind: "control", type: first & 0xffff, flags, payload };
  }

  /** The first bytes in one piece; chunks are joined only when what is asked for lies across them. */
  #first(count: number): Buffer {
    const [first] = this.#chunks;
    if (first !== undefined && first.length >= count) return first;
    const joined = Buffer.concat(this.#chunks);
    this.#chunks = [joined];
    return joined;
  }

  /** What was asked for last lies in the first chunk. */
  #drop(count: number): void {
    const rest = this.#chunks[0]!.subarray(count);
    this.#size -= count;
    if (rest.length > 0) this.#chunks[0] = rest;
    else this.#chunks.shift();
  }
}
