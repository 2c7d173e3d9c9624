import { Unreachable } from "./errors.ts";

/** One request that ends with the caller's signal, or when what was expected did not come in time. */
export class WatchAttempt {
  readonly #abort = new AbortController();
  readonly #caller: AbortSignal;
  readonly #follow = () => this.#abort.abort(this.#caller.reason);
  #timer: NodeJS.Timeout | undefined;

  constructor(caller: AbortSignal) {
    this.#caller = caller;
    caller.addEventListener("abort", this.#follow, { once: true });
    if (caller.aborted) this.#follow();
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Something has to come within so many milliseconds from now. */
  expect(milliseconds: number): void {
    if (this.#timer !== undefined) {
      this.#timer.refresh();
      return;
    }
    const silence = new Unreachable(`the server was silent for ${milliseconds / 1000} s`);
    this.#timer = setTimeout(() => this.#abort.abort(silence), milliseconds);
  }

  /** Ends the request with this error. */
  fail(error: unknown): void {
    this.#abort.abort(error);
  }

  /** It may take its time again. */
  relax(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  end(): void {
    this.relax();
    this.#caller.removeEventListener("abort", this.#follow);
  }
}
