/** Adds up the time that actions take, from their call to the end of their promise. They must not overlap. */
export class Stopwatch {
  #milliseconds = 0;

  get milliseconds(): number {
    return this.#milliseconds;
  }

  async time<T>(action: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await action();
    } finally {
      this.#milliseconds += performance.now() - start;
    }
  }

  reset(): void {
    this.#milliseconds = 0;
  }
}
