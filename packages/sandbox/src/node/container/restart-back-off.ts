const firstMs = 10_000;
const longestMs = 300_000;
/** Without a failure for this long, the next one counts as the first. */
const forgottenMs = 600_000;

/**
 * How long to wait before a container is started again, as the kubelet does it: not at all after the first end, then 10
 * seconds, doubling up to 5 minutes.
 */
export class RestartBackOff {
  #nextMs = 0;
  #lastAt = 0;

  /** @param now Milliseconds of any clock that does not jump. */
  next(now: number): number {
    if (now - this.#lastAt > forgottenMs) this.#nextMs = 0;
    this.#lastAt = now;
    const pause = this.#nextMs;
    this.#nextMs = pause === 0 ? firstMs : Math.min(pause * 2, longestMs);
    return pause;
  }
}
