import { type FlowRecord, flowKey } from "@portcullis/engine";
import { sumRecords } from "./sum-records.ts";

/**
 * Keeps a log of flows short: the first record of a flow passes at once, later ones are summed until the next flush. A
 * flow that is seen again and again is one line a minute, however often packets are retried.
 */
export class FlowDigest {
  readonly #pass: (record: FlowRecord) => void;
  readonly #most: number;
  /** By flow, what came since it was passed last; undefined when nothing did. */
  readonly #known = new Map<string, FlowRecord | undefined>();

  /** Beyond `most` flows at a time (default 10,000), further ones pass without being summed. */
  constructor(pass: (record: FlowRecord) => void, most = 10_000) {
    this.#pass = pass;
    this.#most = most;
  }

  add(record: FlowRecord): void {
    const key = flowKey(record);
    if (this.#known.has(key)) {
      const waiting = this.#known.get(key);
      this.#known.set(key, waiting === undefined ? record : sumRecords(waiting, record));
      return;
    }
    if (this.#known.size < this.#most) this.#known.set(key, undefined);
    this.#pass(record);
  }

  /** Passes the sums; a flow of which nothing came since the last flush is new when it comes again. */
  flush(): void {
    for (const [key, waiting] of this.#known) {
      if (waiting === undefined) this.#known.delete(key);
      else {
        this.#known.set(key, undefined);
        this.#pass(waiting);
      }
    }
  }
}
