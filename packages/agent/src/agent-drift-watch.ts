import type { Dataplane } from "@portcullis/dataplane";
import type { TableWatch } from "@portcullis/nft";
import type { DriftHistory } from "./agent-drift.ts";
import type { KernelFailures } from "./agent-failure.ts";
import type { Conditions } from "./conditions.ts";
import { PacedTask } from "./paced-task.ts";

export interface DriftWatchOptions {
  readonly dataplane: Dataplane;
  readonly history: DriftHistory;
  readonly failures: KernelFailures;
  readonly conditions: Conditions;
  /** How long a comparison of the whole table takes, slice by slice, in milliseconds; 0 is never. */
  readonly checkMs: number;
  /** Called when the table is not trusted any more. Resolves when it has been read back, and mended if that was possible. */
  readonly mend: () => Promise<void>;
}

/** A table of usual size is compared in so many slices; a larger one takes longer. */
const slices = 4;
const leastPauseMs = 20;
/** Without a comparison, what was found long ago is forgotten all the same. */
const lookMs = 60_000;

/**
 * Finds what others do to the kernel's table: by the kernel's own word, as soon as they have done it, and by comparing
 * the table part by part for what that misses.
 */
export class DriftWatch {
  readonly #dataplane: Dataplane;
  readonly #history: DriftHistory;
  readonly #failures: KernelFailures;
  readonly #conditions: Conditions;
  readonly #checkMs: number;
  readonly #mend: () => Promise<void>;
  /** A fight between two writers must not take the machine: to mend takes the longer the larger the table is. */
  readonly #doubts = new PacedTask(() => this.#doubt());
  #watch: TableWatch | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor({ dataplane, history, failures, conditions, checkMs, mend }: DriftWatchOptions) {
    this.#dataplane = dataplane;
    this.#history = history;
    this.#failures = failures;
    this.#conditions = conditions;
    this.#checkMs = checkMs;
    this.#mend = mend;
  }

  /** To be called before the first program: what is read back then is heard of from then on. */
  listen(): void {
    if (this.#isStopped) return;
    this.#watch ??= this.#dataplane.watch({
      onForeignWrite: (by) => {
        this.#history.suspect(by);
        this.#doubts.request();
      },
      onHearing: () => this.#conditions.clear("TableUnwatched"),
      onDeaf: (words) => {
        this.#conditions.set("TableUnwatched", "MonitorEnded", words);
      },
    });
  }

  /** Begins to compare, once something is in force. */
  compare(): void {
    if (this.#isStopped) return;
    const sliceMs = Math.max(this.#checkMs / slices, Math.min(this.#checkMs, leastPauseMs));
    this.#timer = setTimeout(
      () => {
        this.#history.look();
        void this.#compareSlice().finally(() => this.compare());
      },
      this.#checkMs === 0 ? lookMs : sliceMs,
    ).unref();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await Promise.all([this.#watch?.close(), this.#doubts.stop()]);
  }

  async #doubt(): Promise<void> {
    this.#dataplane.distrust();
    await this.#mend();
  }

  async #compareSlice(): Promise<void> {
    if (this.#checkMs === 0) return;
    try {
      const differences = await this.#dataplane.driftSlice();
      this.#failures.readable();
      if (differences.length === 0 || this.#isStopped) return;
      this.#history.found(differences);
      void this.#doubt();
    } catch (error) {
      this.#failures.unreadable(error);
    }
  }
}
