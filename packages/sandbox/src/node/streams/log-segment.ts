import type { LogEntry } from "../container/container-log.ts";

/** Eight bytes of time, one of stream, four of length. */
const headSize = 13;

/** Part of a log in one piece of memory: a line costs its bytes and thirteen more. */
export class LogSegment {
  /** Where it begins in the log, in bytes. */
  readonly start: number;
  readonly size: number;
  readonly #bytes: Buffer;
  #used = 0;

  constructor(start: number, size: number) {
    this.start = start;
    this.size = size;
    this.#bytes = Buffer.alloc(size);
  }

  /** What a line takes. */
  static sizeOf({ line }: LogEntry): number {
    return headSize + line.length;
  }

  get end(): number {
    return this.start + this.#used;
  }

  /** False when there is no room. */
  add({ time, stream, line }: LogEntry): boolean {
    const at = this.#used;
    const end = at + headSize + line.length;
    if (end > this.size) return false;
    this.#bytes.writeDoubleBE(time, at);
    this.#bytes[at + 8] = stream === "stdout" ? 0 : 1;
    this.#bytes.writeUInt32BE(line.length, at + 9);
    line.copy(this.#bytes, at + headSize);
    this.#used = end;
    return true;
  }

  /** Its lines from a position on, which must be where a line begins, or before the segment. */
  entries(from: number): LogEntry[] {
    const entries: LogEntry[] = [];
    let at = Math.max(0, from - this.start);
    while (at < this.#used) {
      const end = at + headSize + this.#bytes.readUInt32BE(at + 9);
      entries.push({
        time: this.#bytes.readDoubleBE(at),
        stream: this.#bytes[at + 8] === 0 ? "stdout" : "stderr",
        line: this.#bytes.subarray(at + headSize, end),
      });
      at = end;
    }
    return entries;
  }
}
