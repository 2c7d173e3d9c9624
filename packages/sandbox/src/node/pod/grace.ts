/** The time that a pod is given to end by itself. It can be cut short, and is never prolonged. */
export class Grace {
  readonly #over = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #end: number;

  /** @param ms Longer than 24 days is 24 days, which is the longest a timer can be. */
  constructor(ms: number) {
    this.#end = performance.now() + ms;
    this.#arm();
  }

  /** Aborts when the time is over. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** Leaves no more than `ms` from now. */
  shorten(ms: number): void {
    const end = performance.now() + ms;
    if (end >= this.#end) return;
    this.#end = end;
    this.#arm();
  }

  /** Everything has ended: nobody waits any more. */
  cancel(): void {
    clearTimeout(this.#timer);
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const left = this.#end - performance.now();
    if (left <= 0) this.#over.abort();
    else this.#timer = setTimeout(() => this.#over.abort(), Math.min(left, 0x7fffffff));
  }
}
