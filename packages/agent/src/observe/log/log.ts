import { type LogEvent, type LogFields, type LogLevel, logEvents, logLevels } from "./log-events.ts";

export interface LogOptions {
  /** Takes one line, without its line break. */
  readonly write: (line: string) => void;
  /** The least serious level that is written (default `info`). */
  readonly level?: LogLevel;
  /** Milliseconds since the epoch (default Date.now). */
  readonly now?: () => number;
  /** Lines of one event that may come at once (default 200) … */
  readonly burst?: number;
  /** … and that it regains in a second (default 20). */
  readonly perSecond?: number;
}

interface Bucket {
  tokens: number;
  filledMs: number;
  suppressed: number;
}

/**
 * One JSON object a line: time, level, event, then the event's fields. A storm of one kind is thinned, and what was left
 * out is counted in a `suppressed` line, so that nothing is lost without a trace.
 */
export class Log {
  readonly #write: (line: string) => void;
  readonly #least: number;
  readonly #now: () => number;
  readonly #burst: number;
  readonly #perSecond: number;
  readonly #buckets = new Map<LogEvent, Bucket>();
  /** Lines written by level, and lines left out by event, since the start. */
  readonly written: Record<LogLevel, number> = { debug: 0, info: 0, warn: 0, error: 0 };
  readonly suppressed = new Map<LogEvent, number>();

  constructor({ write, level = "info", now = Date.now, burst = 200, perSecond = 20 }: LogOptions) {
    this.#write = write;
    this.#least = logLevels.indexOf(level);
    this.#now = now;
    this.#burst = burst;
    this.#perSecond = perSecond;
  }

  /** `level` where it is other than the event's usual one. */
  log<E extends LogEvent>(event: E, fields: LogFields<E>, level: LogLevel = logEvents[event].level): void {
    if (logLevels.indexOf(level) < this.#least) return;
    const bucket = this.#bucket(event);
    if (bucket.tokens < 1) {
      bucket.suppressed += 1;
      this.suppressed.set(event, (this.suppressed.get(event) ?? 0) + 1);
      return;
    }
    bucket.tokens -= 1;
    this.#tellSuppressed(event, bucket);
    this.#line(level, event, fields);
  }

  /** Tells what was left out until now: to be called every few seconds, and at the end. */
  flush(): void {
    for (const [event, bucket] of this.#buckets) this.#tellSuppressed(event, bucket);
  }

  #bucket(event: LogEvent): Bucket {
    const now = this.#now();
    const bucket = this.#buckets.get(event);
    if (bucket === undefined) {
      const full = { tokens: this.#burst, filledMs: now, suppressed: 0 };
      this.#buckets.set(event, full);
      return full;
    }
    // A clock that was set back gives nothing, and takes nothing.
    const gained = (Math.max(0, now - bucket.filledMs) / 1000) * this.#perSecond;
    bucket.tokens = Math.min(this.#burst, bucket.tokens + gained);
    bucket.filledMs = now;
    return bucket;
  }

  #tellSuppressed(event: LogEvent, bucket: Bucket): void {
    const { suppressed: count } = bucket;
    if (count === 0) return;
    bucket.suppressed = 0;
    this.#line("warn", "suppressed", { suppressedEvent: event, count });
  }

  #line(level: LogLevel, event: LogEvent, fields: object): void {
    this.written[level] += 1;
    this.#write(JSON.stringify({ time: new Date(this.#now()).toISOString(), level, event, ...fields }));
  }
}
