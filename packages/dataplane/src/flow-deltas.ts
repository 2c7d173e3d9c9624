import { type FlowCount, flowText } from "./flow-counts.ts";
import { forgottenAfter } from "./flow-sets.ts";
import { monotonicMs } from "./monotonic-ms.ts";
import type { Reading, ToldFlow, ToldFlows } from "./told-flows.ts";

const forgottenAfterMs = forgottenAfter * 1000;

/** The kernel tells full seconds, and the listing takes its time. */
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

  /** `counts` less what has been told; nothing is left of a flow without a new packet. */
  since(counts: readonly FlowCount[]): readonly FlowCount[] {
    const atMs = this.#nowMs();
    const before = this.#reading.told;
    const told = new Map<string, ToldFlow>();
    const news = new Map<string, ToldFlow>();
    const deltas: FlowCount[] = [];
    for (const count of counts) {
      const key = `${count.tally} ${flowText(count)}`;
      const flow = { packets: count.packets, expiresAtMs: atMs + count.expires * 1000 };
      told.set(key, flow);
      const packets = count.packets - toldOf(flow, before.get(key));
      if (packets === 0) continue;
      news.set(key, flow);
      deltas.push({ ...count, packets });
    }
    const gone = [...before.keys()].filter((key) => !told.has(key));
    this.#reading = { atMs, told, news, gone };
    return deltas;
  }
}

/** How many packets of `flow` belong to what was known. */
function toldOf({ packets, expiresAtMs }: ToldFlow, known: ToldFlow | undefined): number {
  if (known === undefined || packets < known.packets) return 0;
  return expiresAtMs > latestExpiry(known, packets - known.packets) ? 0 : known.packets;
}

/**
 * When a known flow is forgotten at the latest that was met so many more times: each time before it was forgotten. One
 * that was not met at all, and yet would go later, came back, which is five minutes later at least.
 */
function latestExpiry({ expiresAtMs }: ToldFlow, more: number): number {
  return expiresAtMs + (more === 0 ? forgottenAfterMs / 2 : more * forgottenAfterMs + slackMs);
}
