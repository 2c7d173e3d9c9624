/**
 * Runs one task at a time, and once more when it was asked for while running: any number of requests in between
 * become one run that sees them all. A failed run is repeated after a pause that doubles from 100 ms to 10 s.
 */
export class Coalescer {
  readonly #task: () => Promise<void>;
  readonly #onError: (error: unknown) => void;
  #wanted = false;
  #running: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #failures = 0;
  #stopped = false;
  /** To be told when the next run has ended. */
  #waiting: (() => void)[] = [];

  constructor(task: () => Promise<void>, onError: (error: unknown) => void) {
    this.#task = task;
    this.#onError = onError;
  }

  request(): void {
    if (this.#stopped) return;
    this.#wanted = true;
    this.#running ??= this.#drain();
  }

  /** As `request`; resolves when the run that sees it has ended, in whatever way, or none comes any more. */
  async run(): Promise<void> {
    if (this.#stopped) return;
    const ended = new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.request();
    await ended;
  }

  /** No run starts any more; resolves when the present one has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#retry);
    await this.#running;
    for (const tell of this.#waiting) tell();
  }

  async #drain(): Promise<void> {
    // Let whatever arrives in the same turn of the event loop become part of this run.
    await new Promise((resolve) => setImmediate(resolve));
    try {
      while (this.#wanted && !this.#stopped) {
        this.#wanted = false;
        const waiting = this.#waiting;
        this.#waiting = [];
        await this.#task().finally(() => {
          for (const tell of waiting) tell();
        });
        this.#failures = 0;
      }
    } catch (error) {
      this.#onError(error);
      this.#pause();
    } finally {
      // In the same turn as the last look: a request in between would be nobody's.
      this.#running = undefined;
    }
  }

  #pause(): void {
    if (this.#stopped) return;
    const milliseconds = Math.min(100 * 2 ** this.#failures, 10_000);
    this.#failures += 1;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.request(), milliseconds);
  }
}
