import { type FlowRecord, FlowTable, flowKey } from "@portcullis/engine";

export interface KeptFlowsOptions {
  /** How long a flow is kept after an agent told of it last (default an hour). */
  readonly keepMs?: number;
  /** How many are kept at most (default 10,000): those told last. */
  readonly most?: number;
}

/**
 * What agents told when they were asked, for longer than they remember it themselves. An agent adds up what it sees of a
 * flow until it forgets it, so that of records that began at the same time the later one has all of the earlier.
 */
export class KeptFlows {
  readonly #keepMs: number;
  readonly #most: number;
  /** By flow and beginning; the one told last is last. */
  readonly #flows = new Map<string, { readonly record: FlowRecord; readonly toldMs: number }>();

  constructor({ keepMs = 3_600_000, most = 10_000 }: KeptFlowsOptions = {}) {
    this.#keepMs = keepMs;
    this.#most = most;
  }

  /** @param records of one agent, the one seen last first. */
  take(records: readonly FlowRecord[], nowMs: number): void {
    for (const record of records.toReversed()) {
      const key = `${flowKey(record)} ${record.from}`;
      this.#flows.delete(key);
      this.#flows.set(key, { record, toldMs: nowMs });
    }
  }

  /** One record for each flow, in their order. */
  list(nowMs: number): readonly FlowRecord[] {
    for (const [key, { toldMs }] of this.#flows) {
      if (this.#flows.size <= this.#most && toldMs >= nowMs - this.#keepMs) break;
      this.#flows.delete(key);
    }
    const table = new FlowTable();
    for (const { record } of this.#flows.values()) table.add(record);
    return table.list();
  }
}
