/** Runs a task again and again with a pause between; never twice at a time. */
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
    this.#running = this.#task().then(() => {
      if (!this.#closed) this.#timer = setTimeout(() => this.start(), this.#pauseMs).unref();
    });
  }

  /** Resolves when the present run has ended; none follows. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#running;
  }
}
