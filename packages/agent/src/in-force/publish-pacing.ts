/** What all agents of a cluster together may ask of its API server. */
const renewalsPerSecond = 100;
const changesPerSecond = 500;
const writesPerSecondOfOneChange = 1000;

const shortestRenewalMs = 10_000;
const longestRenewalMs = 60_000;
const shortestGapMs = 200;
const longestSpreadMs = 1000;

/** Taken for the size of a cluster of which nothing is known yet: all agents of a large one may begin at once. */
const unknownNodes = 5000;

/** Changes that may be told one after the other before `gapMs` keeps them apart. */
const burst = 3;

/** How often a record may be written in a cluster of so many nodes, in milliseconds. */
export interface Pace {
  /** Between writes when nothing changes. */
  readonly renewalMs: number;
  /** Between changes, in the long run. */
  readonly gapMs: number;
  /** A change is written within this, at random. */
  readonly spreadMs: number;
}

/** The larger the cluster, the slower each agent, so that they cost the API server the same together. 0 is not known. */
export function paceFor(nodes: number): Pace {
  const count = nodes > 0 ? nodes : unknownNodes;
  return {
    renewalMs: Math.min(longestRenewalMs, Math.max(shortestRenewalMs, (count * 1000) / renewalsPerSecond)),
    gapMs: Math.max(shortestGapMs, (count * 1000) / changesPerSecond),
    spreadMs: Math.min(longestSpreadMs, (count * 1000) / writesPerSecondOfOneChange),
  };
}

export interface PublishPacingOptions {
  /** How many nodes the cluster has now; 0 for as long as that is not known. */
  readonly nodes: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** When the next write is due. Times are milliseconds of a clock that does not jump. */
export class PublishPacing {
  readonly #options: PublishPacingOptions;
  #dueMs: number;
  /** Changes that may be told at once, as of `#filledMs`. */
  #tokens = burst;
  #filledMs: number;
  #changed = false;

  /** The first write comes at once, spread as a change is: agents of a whole cluster may begin together. */
  constructor(options: PublishPacingOptions, nowMs: number) {
    this.#options = options;
    this.#filledMs = nowMs;
    this.#dueMs = nowMs + options.random() * this.#pace.spreadMs;
  }

  get dueMs(): number {
    return this.#dueMs;
  }

  /** How long readers may go by what was written: four renewals. */
  get validSeconds(): number {
    return Math.ceil((4 * this.#pace.renewalMs) / 1000);
  }

  /** Something should be told before the next renewal. */
  changed(nowMs: number): void {
    if (this.#changed) return;
    this.#changed = true;
    this.#fill(nowMs);
    const { gapMs, spreadMs } = this.#pace;
    const allowedMs = this.#tokens >= 1 ? nowMs : nowMs + (1 - this.#tokens) * gapMs;
    this.#dueMs = Math.min(this.#dueMs, allowedMs + this.#options.random() * spreadMs);
  }

  /** A write was done. */
  written(nowMs: number): void {
    this.#fill(nowMs);
    if (this.#changed) this.#tokens -= 1;
    this.#changed = false;
    // Agents that once wrote together drift apart.
    this.#dueMs = nowMs + this.#pace.renewalMs * (0.9 + 0.2 * this.#options.random());
  }

  /** A write failed, and may be tried again after `waitMs`. */
  failed(nowMs: number, waitMs: number): void {
    this.#changed = true;
    this.#dueMs = nowMs + waitMs;
  }

  #fill(nowMs: number): void {
    const { gapMs } = this.#pace;
    this.#tokens = Math.min(burst, this.#tokens + (nowMs - this.#filledMs) / gapMs);
    this.#filledMs = nowMs;
  }

  get #pace(): Pace {
    return paceFor(this.#options.nodes());
  }
}
