import type { Nft } from "@portcullis/nft";
import { type CountedFlow, type FlowCount, readFlowCounts } from "./flow-counts.ts";
import { FlowDeltas } from "./flow-deltas.ts";
import type { Tally } from "./flow-sets.ts";
import { monotonicMs } from "./monotonic-ms.ts";
import type { Reading, ToldFlows } from "./told-flows.ts";

/** Reads what was counted since it was last read; the first time, all that the kernel still knows of. */
export class FlowReader<Flow extends CountedFlow> {
  readonly #nft: Nft;
  readonly #tallies: readonly Tally[];
  readonly #flowOf: (count: FlowCount) => Flow;
  readonly #nowMs: () => number;
  readonly #deltas: FlowDeltas;
  /** Whether the kernel had no room for further flows at the last reading: their packets went uncounted. */
  full = false;

  /** `nowMs` never goes back (default `monotonicMs`). */
  constructor(nft: Nft, tallies: readonly Tally[], flowOf: (count: FlowCount) => Flow, nowMs = monotonicMs) {
    this.#nft = nft;
    this.#tallies = tallies;
    this.#flowOf = flowOf;
    this.#nowMs = nowMs;
    this.#deltas = new FlowDeltas(nowMs);
  }

  /** Goes on from what somebody else has told, by the same clock. */
  resume(told: ToldFlows): void {
    this.#deltas.resume(told);
  }

  /** What has been told, as of the last `read`. */
  get reading(): Reading {
    return this.#deltas.reading;
  }

  async read(): Promise<readonly Flow[]> {
    const beganMs = this.#nowMs();
    const { counts, full } = await readFlowCounts(this.#nft, this.#tallies);
    this.full = full;
    return this.#deltas.since(counts, beganMs).map(this.#flowOf);
  }
}
