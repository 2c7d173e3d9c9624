/** Of its time, a poller works at most so much: of twenty seconds one. */
const rest = 19;
const longestPauseMs = 60_000;

/** Runs a task again and again with a pause between; never twice at a time. A task that takes long is run less often. */
export class Poller {
  readonly #task: () => Promise<void>;
  readonly #pauseMs: number;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #closed = false;

  /** `task` tells its own errors and never rejects. */
  constructor(task: () => Promise<void>, pauseMs: number) {
    this.#task = task;
    this.#pauseMs = pauseMs;
  }

  /** Runs the task at once, and then after every pause. */
  start(): void {
    this.#running = this.#run();
  }

  /** Resolves when the present run has ended; none follows. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #run(): Promise<void> {
    const beganMs = performance.now();
    await this.#task();
    if (this.#closed) return;
    const pauseMs = pauseAfter(performance.now() - beganMs, this.#pauseMs);
    this.#timer = setTimeout(() => this.start(), pauseMs).unref();
  }
}

/** The pause after a run that took so long, in milliseconds: at most a minute, unless `pauseMs` is more. */
export function pauseAfter(tookMs: number, pauseMs: number): number {
  return Math.max(pauseMs, Math.min(rest * tookMs, longestPauseMs));
}
