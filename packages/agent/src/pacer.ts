/** In milliseconds: the first pause, each longer one, and after what time without a request all is forgotten. */
const firstMs = 100;
const longestMs = 5_000;
const forgetMs = 30_000;

/**
 * Does a thing at once when it is asked for, and the sooner it is asked for again, the later: after pauses that double.
 * Requests in between are one.
 */
export class Pacer {
  readonly #task: () => void;
  readonly #nowMs: () => number;
  #timer: NodeJS.Timeout | undefined;
  #lastMs = Number.NEGATIVE_INFINITY;
  #pauseMs = 0;

  /** `nowMs` never goes back (default performance.now). */
  constructor(task: () => void, nowMs: () => number = () => performance.now()) {
    this.#task = task;
    this.#nowMs = nowMs;
  }

  request(): void {
    if (this.#timer !== undefined) return;
    const sinceMs = this.#nowMs() - this.#lastMs;
    this.#pauseMs = sinceMs > forgetMs ? 0 : Math.min(Math.max(this.#pauseMs * 2, firstMs), longestMs);
    // A turn of the event loop at least: one transaction is told in many pieces.
    this.#timer = setTimeout(() => this.#run(), Math.max(0, this.#pauseMs - sinceMs)).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #run(): void {
    this.#timer = undefined;
    this.#lastMs = this.#nowMs();
    this.#task();
  }
}
