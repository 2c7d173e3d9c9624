export interface BackOffOptions {
  /** Uniform in [0, 1) (default Math.random). */
  readonly random?: () => number;
  /** First wait before jitter, in milliseconds (default 200). */
  readonly firstMs?: number;
  /** Longest wait before jitter, in milliseconds (default 30,000). */
  readonly longestMs?: number;
}

/** Waits that double, each stretched by up to its own length at random, so that many clients do not come back at once. */
export class BackOff {
  readonly #random: () => number;
  readonly #firstMs: number;
  readonly #longestMs: number;
  #failures = 0;

  constructor(options: BackOffOptions = {}) {
    this.#random = options.random ?? Math.random;
    this.#firstMs = options.firstMs ?? 200;
    this.#longestMs = options.longestMs ?? 30_000;
  }

  /** The next wait, in milliseconds. */
  next(): number {
    const base = Math.min(this.#firstMs * 2 ** Math.min(this.#failures++, 30), this.#longestMs);
    return Math.round(base * (1 + this.#random()));
  }

  reset(): void {
    this.#failures = 0;
  }
}
