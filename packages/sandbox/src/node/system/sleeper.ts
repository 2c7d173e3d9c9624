/** Sleeps that somebody may have reason to end early. */
export class Sleeper {
  #wake: () => void = () => {};

  /** Resolves after the time, or when woken. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Ends the sleep, if there is one. */
  wake(): void {
    this.#wake();
  }
}
