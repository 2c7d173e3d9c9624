/** Counts changes. Whoever derives something from parts of the cluster compares when it did with when they changed. */
export class Clock {
  #now = 0;

  get now(): number {
    return this.#now;
  }

  /** A new moment, later than every one before. */
  tick(): number {
    return ++this.#now;
  }
}
