/** How often to do what costs the more the more there is to see. */
export interface Pace {
  /** Milliseconds between two runs, at the least. */
  readonly everyMs: number;
  /** Of its time, the work may take one part in so many. */
  readonly oneIn: number;
  /** Milliseconds; longer than this no run makes the next one wait, unless `everyMs` is longer. */
  readonly longestMs: number;
}

/** For as long as nobody looks; `everyMs` is the operator's to choose. */
export const inBackground = { oneIn: 20, longestMs: 60_000 } as const;

/** Somebody reads it as it comes. */
export const followed: Pace = { everyMs: 1_000, oneIn: 4, longestMs: 10_000 };

/** Somebody waits for the answer. */
export const asked: Pace = { ...followed, everyMs: 0 };

/** Programs ask for it, whatever it costs. */
const scraped: Pace = { everyMs: 0, oneIn: 100, longestMs: 60_000 };

/** How long to wait after a run that took so long, in milliseconds. */
export function pauseAfter(tookMs: number, { everyMs, oneIn, longestMs }: Pace): number {
  return Math.max(everyMs, Math.min((oneIn - 1) * tookMs, longestMs));
}

/** Gives what `compute` gave last, for as long after as is needed that a hundredth of the time at most is spent on it. */
export function seldom<T>(compute: () => T, nowMs: () => number = () => performance.now()): () => T {
  let last: { readonly value: T; readonly untilMs: number } | undefined;
  return () => {
    const beganMs = nowMs();
    if (last !== undefined && beganMs < last.untilMs) return last.value;
    const value = compute();
    const endedMs = nowMs();
    last = { value, untilMs: endedMs + pauseAfter(endedMs - beganMs, scraped) };
    return value;
  };
}
