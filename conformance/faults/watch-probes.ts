import { setTimeout as sleep } from "node:timers/promises";
import type { PodPlace, Probe, ProbeResult } from "./pod.ts";

/** Probes whose outcome must never change, sent over and over. */
export interface Invariant {
  readonly from: PodPlace;
  readonly probes: readonly Probe[];
  readonly allowed: boolean;
}

/** Keeps sending, and keeps what came out other than it must. */
export class ProbeWatch {
  /** Times in which the rules were known to be damaged, and nothing can be promised. */
  readonly excused: { readonly from: number; to: number }[] = [];
  sent = 0;
  readonly #surprises: { readonly from: string; readonly allowed: boolean; readonly result: ProbeResult }[] =
    [];
  readonly #loops: readonly Promise<void>[];
  #running = true;

  constructor(invariants: readonly Invariant[]) {
    this.#loops = invariants.map((invariant) => this.#loop(invariant));
  }

  /** Ends the probing; gives what was let through or lost, one line each: when it must not be, and when excused. */
  async end(): Promise<{ readonly wrong: readonly string[]; readonly excused: readonly string[] }> {
    this.#running = false;
    await Promise.all(this.#loops);
    const [wrong, excused]: [string[], string[]] = [[], []];
    for (const { from, allowed, result } of this.#surprises) {
      const isExcused = this.excused.some((time) => result.began <= time.to && result.ended >= time.from);
      (isExcused ? excused : wrong).push(`${from}, allowed ${allowed}: ${JSON.stringify(result)}`);
    }
    return { wrong, excused };
  }

  async #loop({ from, probes, allowed }: Invariant): Promise<void> {
    while (this.#running) {
      const results = await from.probe(probes);
      this.sent += results.length;
      for (const result of results) {
        if ((result.outcome === "connected") !== allowed)
          this.#surprises.push({ from: from.name, allowed, result });
      }
      // Enough to meet every moment of a fault, and not so much that the load is all that is measured.
      await sleep(10);
    }
  }
}
