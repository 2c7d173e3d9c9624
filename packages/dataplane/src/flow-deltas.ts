import { type FlowCount, flowText } from "./flow-counts.ts";
import { forgottenAfter } from "./flow-sets.ts";
import { monotonicMs } from "./monotonic-ms.ts";
import type { Reading, ToldFlow, ToldFlows } from "./told-flows.ts";

const forgottenAfterMs = forgottenAfter * 1000;

/** The kernel counts in ticks, and nft tells full seconds of them where it is old. */
const slackMs = 2_000;

/**
 * Turns the kernel's counts, which only grow, into what was new between two readings. The kernel forgets a flow after
 * five quiet minutes and begins again at 0 when it comes back: a count that is lower than it was is one that began again,
 * and so is one that was met later than its new packets can have kept the former one known. When a flow is forgotten and
 * back with a higher count, all between two readings, and neither shows, only what is above the former count is told.
 */
export class FlowDeltas {
  readonly #nowMs: () => number;
  #reading: Reading;

  /** `nowMs` never goes back (default `monotonicMs`). */
  constructor(nowMs: () => number = monotonicMs) {
    this.#nowMs = nowMs;
    this.#reading = { atMs: nowMs(), told: new Map(), news: new Map(), gone: [] };
  }

  /** The last one. */
  get reading(): Reading {
    return this.#reading;
  }

  /** Goes on from what somebody else has told, by the same clock. */
  resume(told: ToldFlows): void {
    this.#reading = { atMs: this.#nowMs(), told, news: new Map(), gone: [] };
  }

  /**
   * `counts` less what has been told; nothing is left of a flow without a new packet. They are of a moment after
   * `beganMs` and before now.
   */
  since(counts: readonly FlowCount[], beganMs: number): readonly FlowCount[] {
    const atMs = this.#nowMs();
    const before = this.#reading.told;
    const told = new Map<string, ToldFlow>();
    const news = new Map<string, ToldFlow>();
    const deltas: FlowCount[] = [];
    for (const count of counts) {
      const key = `${count.tally} ${flowText(count)}`;
      const flow = { packets: count.packets, expiresAtMs: atMs + count.expires * 1000 };
      told.set(key, flow);
      const packets = count.packets - toldOf(before.get(key), flow.packets, beganMs + count.expires * 1000);
      if (packets === 0) continue;
      news.set(key, flow);
      deltas.push({ ...count, packets });
    }
    const gone = [...before.keys()].filter((key) => !told.has(key));
    this.#reading = { atMs, told, news, gone };
    return deltas;
  }
}

/** How many of `packets` belong to what was known, when they will be forgotten then or later. */
function toldOf(known: ToldFlow | undefined, packets: number, expiresAtMs: number): number {
  if (known === undefined || packets < known.packets) return 0;
  // Each packet more came before the flow was forgotten, and put that off for five minutes.
  const latestMs = known.expiresAtMs + (packets - known.packets) * forgottenAfterMs + slackMs;
  return expiresAtMs > latestMs ? 0 : known.packets;
}
