import { LogSegment } from "../streams/log-segment.ts";

export type LogStream = "stdout" | "stderr";

/** One line that a container printed. */
export interface LogEntry {
  /** When it was complete, in milliseconds since the epoch, with parts of them. */
  readonly time: number;
  readonly stream: LogStream;
  /** With its newline; without one when the line was cut, or the container ended in the middle of it. */
  readonly line: Buffer;
}

/** What is kept, in bytes: the oldest lines are dropped. */
const limit = 4 << 20;
/** A longer line is cut, as a container runtime does it. */
const longestLine = 16 << 10;
const [firstSegment, largestSegment] = [4 << 10, 64 << 10];
const newline = 10;

/** What a container printed, line by line, both streams in the order in which their lines were complete. */
export class ContainerLog {
  readonly #clock: () => number;
  readonly #listeners = new Set<() => void>();
  readonly #unfinished: Record<LogStream, Buffer> = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  #segments: LogSegment[] = [];
  #ended = false;

  /** @param clock Milliseconds since the epoch. */
  constructor(clock: () => number = () => performance.timeOrigin + performance.now()) {
    this.#clock = clock;
  }

  append(stream: LogStream, chunk: Buffer): void {
    const before = this.#unfinished[stream];
    let rest = before.length === 0 ? chunk : Buffer.concat([before, chunk]);
    const time = this.#clock();
    for (;;) {
      const at = rest.subarray(0, longestLine).indexOf(newline);
      const length = at >= 0 ? at + 1 : longestLine;
      if (at < 0 && rest.length < longestLine) break;
      this.#add({ time, stream, line: rest.subarray(0, length) });
      rest = rest.subarray(length);
    }
    // A copy: a slice would hold the whole chunk.
    this.#unfinished[stream] = Buffer.from(rest);
    this.#tell();
  }

  /** Nothing will be added any more. */
  end(): void {
    if (this.#ended) return;
    const time = this.#clock();
    for (const stream of ["stdout", "stderr"] as const) {
      const line = this.#unfinished[stream];
      if (line.length > 0) this.#add({ time, stream, line });
      this.#unfinished[stream] = Buffer.alloc(0);
    }
    this.#ended = true;
    this.#tell();
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Where the log ends now; what is added later lies beyond. */
  get position(): number {
    return this.#segments.at(-1)?.end ?? 0;
  }

  /**
   * Lines from a position on, or from the oldest that is kept, some at a time; with the position after them. None when the
   * log has no more.
   */
  read(from: number): { readonly entries: readonly LogEntry[]; readonly next: number } {
    const segment = this.#segments.find((each) => each.end > from);
    if (segment === undefined) return { entries: [], next: from };
    return { entries: segment.entries(from), next: segment.end };
  }

  /** Every line that is kept. */
  *entries(): Iterable<LogEntry> {
    for (const segment of [...this.#segments]) yield* segment.entries(0);
  }

  /** Calls `listener` after each change; returns what takes it off again. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Everything that is kept, with what has no newline yet. */
  text(): string {
    const lines = [...this.entries()].map(({ line }) => line);
    return Buffer.concat([...lines, this.#unfinished.stdout, this.#unfinished.stderr]).toString("utf8");
  }

  /** The last line that says anything, at most 500 characters; undefined when nothing was printed. */
  lastLine(stream?: LogStream): string | undefined {
    let last: string | undefined;
    for (const entry of this.entries()) {
      if (stream !== undefined && entry.stream !== stream) continue;
      last = entry.line.toString("utf8").trimEnd() || last;
    }
    const { stdout, stderr } = this.#unfinished;
    const unfinished = stream === undefined ? [stderr, stdout] : [this.#unfinished[stream]];
    const words = unfinished.map((line) => line.toString("utf8").trimEnd()).find((text) => text !== "");
    return (words ?? last)?.slice(0, 500);
  }

  #add(entry: LogEntry): void {
    if (this.#segments.at(-1)?.add(entry) === true) return;
    const last = this.#segments.at(-1);
    const size = Math.min(last === undefined ? firstSegment : last.size * 2, largestSegment);
    const segment = new LogSegment(last?.end ?? 0, Math.max(size, LogSegment.sizeOf(entry)));
    segment.add(entry);
    this.#segments.push(segment);
    let total = this.#segments.reduce((sum, each) => sum + each.size, 0);
    while (total > limit) total -= this.#segments.shift()!.size;
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
