export interface PollerOptions {
  /** Tells its own errors and never rejects. */
  readonly task: () => Promise<void>;
  /** Milliseconds between two runs, asked after each. */
  readonly pauseMs: () => number;
  /** Never goes back (default performance.now). */
  readonly nowMs?: () => number;
}

/** Of its time, a poller works at most so much: of twenty seconds one. */
const restPerWork = 19;
const longestRestMs = 60_000;

/**
 * Runs a task again and again with a pause between, never twice at a time, and besides when somebody wants to know. A task
 * that takes long is run less often, whoever asks.
 */
export class Poller {
  readonly #options: PollerOptions;
  readonly #nowMs: () => number;
  #timer: NodeJS.Timeout | undefined;
  #started = false;
  #closed = false;
  /** Runs that have begun or wait for their turn. */
  #wanted = 0;
  #last: Promise<void> = Promise.resolve();
  #endedMs = Number.NEGATIVE_INFINITY;
  #tookMs = 0;

  constructor(options: PollerOptions) {
    this.#options = options;
    this.#nowMs = options.nowMs ?? (() => performance.now());
  }

  /** Runs at once, and then after every pause. */
  start(): void {
    this.#started = true;
    void this.run();
  }

  /** Runs after the present run, if there is one. */
  run(): Promise<void> {
    this.#wanted += 1;
    clearTimeout(this.#timer);
    this.#last = this.#last.then(() => this.#runOnce());
    return this.#last;
  }

  /** Resolves when a run has ended that is no older than this, or than a task that takes long may be. */
  async fresh(ageMs: number): Promise<void> {
    if (this.#wanted > 0) await this.#last;
    else if (this.#nowMs() - this.#endedMs >= pauseAfter(this.#tookMs, ageMs)) await this.run();
  }

  /** To be called when the pause has become shorter. */
  hurry(): void {
    if (this.#wanted === 0) this.#schedule();
  }

  /** Resolves when the present run has ended; none follows. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#last;
  }

  async #runOnce(): Promise<void> {
    const beganMs = this.#nowMs();
    if (!this.#closed) await this.#options.task();
    this.#endedMs = this.#nowMs();
    this.#tookMs = this.#endedMs - beganMs;
    this.#wanted -= 1;
    if (this.#wanted === 0) this.#schedule();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (!this.#started || this.#closed) return;
    const dueMs = this.#endedMs + pauseAfter(this.#tookMs, this.#options.pauseMs());
    this.#timer = setTimeout(() => void this.run(), Math.max(0, dueMs - this.#nowMs())).unref();
  }
}

/** The pause after a run that took so long, in milliseconds: at most a minute, unless `pauseMs` is more. */
export function pauseAfter(tookMs: number, pauseMs: number): number {
  return Math.max(pauseMs, Math.min(restPerWork * tookMs, longestRestMs));
}
