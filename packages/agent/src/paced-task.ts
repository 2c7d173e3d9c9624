/** In the long run the task may take one part in so many of the time. */
const oneIn = 10;
/** What it may take without a pause when it has not been asked for in a while, in milliseconds. */
const burstMs = 5_000;
/** Between two runs in a row. */
const leastPauseMs = 50;
/** Longer than this nobody waits. */
const longestPauseMs = 2_000;

/**
 * Runs a task at once when it is asked for, unless it has taken much of the time lately: then after a pause. Requests
 * before a run begins are one.
 */
export class PacedTask {
  readonly #task: () => Promise<void>;
  #leftMs = burstMs;
  #endedMs = Number.NEGATIVE_INFINITY;
  #isWanted = false;
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  /** `task` tells its own errors and never rejects. */
  constructor(task: () => Promise<void>) {
    this.#task = task;
  }

  request(): void {
    if (this.#isWanted || this.#isStopped) return;
    this.#isWanted = true;
    if (this.#running === undefined) this.#schedule();
  }

  /** Resolves when the present run has ended; none follows. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #schedule(): void {
    const sinceMs = performance.now() - this.#endedMs;
    const leftMs = this.#leftAfter(sinceMs);
    const pauseMs = Math.max(leastPauseMs - sinceMs, Math.min(-leftMs * oneIn, longestPauseMs - sinceMs), 0);
    this.#timer = setTimeout(() => {
      this.#running = this.#run();
    }, pauseMs).unref();
  }

  async #run(): Promise<void> {
    const beganMs = performance.now();
    const leftMs = this.#leftAfter(beganMs - this.#endedMs);
    this.#isWanted = false;
    await this.#task();
    this.#endedMs = performance.now();
    this.#leftMs = Math.max(leftMs, 0) - (this.#endedMs - beganMs);
    this.#running = undefined;
    if (this.#isWanted && !this.#isStopped) this.#schedule();
  }

  /** What may be taken now, so long after the last run. */
  #leftAfter(sinceMs: number): number {
    return Math.min(this.#leftMs + sinceMs / oneIn, burstMs);
  }
}
