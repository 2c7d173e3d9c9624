/**
 * Lets a long piece of work be done in short ones: changes of the cluster must not wait for what is only told. `breathe`
 * gives way to whatever else is to be done, when the work has gone on for so many milliseconds.
 */
export class Breather {
  readonly #everyMs: number;
  #sinceMs = performance.now();

  constructor(everyMs = 5) {
    this.#everyMs = everyMs;
  }

  async breathe(): Promise<void> {
    if (performance.now() - this.#sinceMs < this.#everyMs) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.#sinceMs = performance.now();
  }
}
