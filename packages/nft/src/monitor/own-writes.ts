/** How a transaction of ours ended; `unknown` when nft died before it answered. */
export type Outcome = "committed" | "refused" | "unknown";

/** A transaction of ours; when its end came, in milliseconds. */
interface Write {
  endedMs?: number;
}

/** For so long after its end a transaction is still expected to be heard of: what tells of many may be slow. */
const expectedMs = 30_000;
/** For so long after the last of ours, one of others may be one of ours. */
const quietMs = 5_000;

/**
 * Tells our transactions from those of others by their number: what is heard and is not expected is somebody else's.
 * Process numbers would not do: the kernel tells them as the machine knows them, and we may be in a container. When both
 * write in the same moment theirs may be taken for ours, and then ours for theirs.
 */
export class OwnWrites {
  readonly #nowMs: () => number;
  /** Not heard of yet, the oldest first: they are committed in this order. */
  #expected: Write[] = [];
  #running = 0;
  #lastEndMs = Number.NEGATIVE_INFINITY;

  /** `nowMs` never goes back. */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Whether nothing of ours could be taken for somebody else's now, nor the other way round. */
  get isQuiet(): boolean {
    return this.#running === 0 && this.#nowMs() - this.#lastEndMs > quietMs;
  }

  /** To be called before a transaction; what it returns after it, which tells whether one of others was taken for it. */
  begin(): (outcome: Outcome) => boolean {
    const write: Write = {};
    this.#expected.push(write);
    this.#running += 1;
    return (outcome) => {
      this.#running -= 1;
      this.#lastEndMs = write.endedMs = this.#nowMs();
      if (outcome !== "refused") return false;
      const place = this.#expected.indexOf(write);
      if (place >= 0) this.#expected.splice(place, 1);
      return place < 0;
    };
  }

  /** A transaction was heard of: whether it was one of ours. */
  heard(): boolean {
    const since = this.#nowMs() - expectedMs;
    this.#expected = this.#expected.filter(({ endedMs = since }) => endedMs >= since);
    return this.#expected.shift() !== undefined;
  }

  /** What has ended is not expected any more: nobody was listening. */
  forget(): void {
    this.#expected = this.#expected.filter(({ endedMs }) => endedMs === undefined);
  }
}
