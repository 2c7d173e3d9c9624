import { type FlowCount, flowText } from "./flow-counts.ts";

interface Seen {
  readonly packets: number;
  /** When it will be forgotten unless it is met again, in milliseconds of the clock. */
  readonly expiresAtMs: number;
}

/** The kernel tells full seconds, and the listing takes its time. */
const slackMs = 2_000;

/**
 * Turns the kernel's counts, which only grow, into what was new between two readings. The kernel forgets a flow after
 * five quiet minutes and begins again at 0 when it comes back: a count that is lower than it was, or the same with the
 * time that is left grown, is one that began again. When a flow is forgotten and back with a higher count, all between
 * two readings, only what is above the former count is told.
 */
export class FlowDeltas {
  readonly #nowMs: () => number;
  #seen: ReadonlyMap<string, Seen> = new Map();

  /** `nowMs` never goes back (default performance.now). */
  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** `counts` less what has been told; nothing is left of a flow without a new packet. */
  since(counts: readonly FlowCount[]): readonly FlowCount[] {
    const nowMs = this.#nowMs();
    const seen = new Map<string, Seen>();
    const deltas: FlowCount[] = [];
    for (const count of counts) {
      const key = `${count.tally} ${flowText(count)}`;
      const expiresAtMs = nowMs + count.expires * 1000;
      const known = this.#seen.get(key);
      seen.set(key, { packets: count.packets, expiresAtMs });
      const packets = count.packets - (known === undefined ? 0 : told(known, count.packets, expiresAtMs));
      if (packets > 0) deltas.push({ ...count, packets });
    }
    this.#seen = seen;
    return deltas;
  }
}

/** How many of `packets` belong to what was known. */
function told(known: Seen, packets: number, expiresAtMs: number): number {
  if (packets < known.packets) return 0;
  const met = expiresAtMs > known.expiresAtMs + slackMs;
  return packets === known.packets && met ? 0 : known.packets;
}
