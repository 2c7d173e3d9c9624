import { type FlowRecord, flowKey } from "@portcullis/engine";
import { sumRecords } from "./sum-records.ts";

export interface RecentFlowsOptions {
  /** How long a flow is kept after it was last seen (default ten minutes). */
  readonly keepMs?: number;
  /** How many are kept at most (default 2,000): those seen last. */
  readonly most?: number;
}

/** The flows of the last minutes, each summed over the time that it has been seen. */
export class RecentFlows {
  readonly #keepMs: number;
  readonly #most: number;
  /** The one seen last is last. */
  readonly #flows = new Map<string, { readonly record: FlowRecord; readonly seenMs: number }>();

  constructor({ keepMs = 600_000, most = 2_000 }: RecentFlowsOptions = {}) {
    this.#keepMs = keepMs;
    this.#most = most;
  }

  add(record: FlowRecord, nowMs: number): void {
    const key = flowKey(record);
    const known = this.#flows.get(key)?.record;
    this.#flows.delete(key);
    this.#flows.set(key, { record: known === undefined ? record : sumRecords(known, record), seenMs: nowMs });
    this.#forget(nowMs);
  }

  /** The one seen last is first. */
  list(nowMs: number): readonly FlowRecord[] {
    this.#forget(nowMs);
    return [...this.#flows.values()].reverse().map(({ record }) => record);
  }

  #forget(nowMs: number): void {
    for (const [key, { seenMs }] of this.#flows) {
      if (this.#flows.size <= this.#most && seenMs >= nowMs - this.#keepMs) return;
      this.#flows.delete(key);
    }
  }
}
