export interface PollerOptions {
  /** Tells its own errors and never rejects. */
  readonly task: () => Promise<void>;
  /** Milliseconds between two runs, asked after each with how long it took. */
  readonly pauseMs: (tookMs: number) => number;
  /** Never goes back (default performance.now). */
  readonly nowMs?: () => number;
}

/** Runs a task again and again with a pause between, never twice at a time, and besides when somebody wants to know. */
export class Poller {
  readonly #options: PollerOptions;
  readonly #nowMs: () => number;
  #timer: NodeJS.Timeout | undefined;
  #started = false;
  #closed = false;
  /** Runs that have begun or wait for their turn. */
  #wanted = 0;
  #last: Promise<void> = Promise.resolve();
  /** Asked for, and not begun. */
  #next: Promise<void> | undefined;
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

  /**
   * Resolves when a run has ended that began after the call, so that it has seen all that came before. Runs that are asked
   * for keep a pause, too; who would have to wait for longer than `patienceMs` because of it gets none.
   */
  async fresh(pauseMs: (tookMs: number) => number, patienceMs: number): Promise<void> {
    this.#next ??= this.#runNext(pauseMs, patienceMs);
    await this.#next;
  }

  /** Runs sooner than it would by itself, after this pause; then again as ever. */
  hurry(pauseMs: (tookMs: number) => number): void {
    if (this.#wanted === 0) this.#schedule(pauseMs);
  }

  /** Resolves when the present run has ended; none follows. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#last;
  }

  async #runNext(pauseMs: (tookMs: number) => number, patienceMs: number): Promise<void> {
    await this.#last;
    const waitMs = this.#endedMs + pauseMs(this.#tookMs) - this.#nowMs();
    if (waitMs > 0 && waitMs <= patienceMs)
      await new Promise<void>((resolve) => setTimeout(resolve, waitMs).unref());
    this.#next = undefined;
    if (waitMs <= patienceMs) await this.run();
  }

  async #runOnce(): Promise<void> {
    const beganMs = this.#nowMs();
    if (!this.#closed) await this.#options.task();
    this.#endedMs = this.#nowMs();
    this.#tookMs = this.#endedMs - beganMs;
    this.#wanted -= 1;
    if (this.#wanted === 0) this.#schedule();
  }

  #schedule(pauseMs = this.#options.pauseMs): void {
    clearTimeout(this.#timer);
    if (!this.#started || this.#closed) return;
    const dueMs = this.#endedMs + pauseMs(this.#tookMs);
    this.#timer = setTimeout(() => void this.run(), Math.max(0, dueMs - this.#nowMs())).unref();
  }
}
