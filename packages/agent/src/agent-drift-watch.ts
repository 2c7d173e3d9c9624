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
/** A part that takes longer, in milliseconds, is followed by a pause a hundred times as long as what it took above that. */
const longMs = 100;
const restShare = 100;
/** Without a comparison, what was found long ago is forgotten all the same. */
const lookMs = 60_000;
/** Between two looks at chains and definitions while the kernel is not listened to, in milliseconds. */
const unheardMs = 2_000;
/** Of sets and maps, when the watch begins: its nft keeps what there is then, 0.35 KB each. */
const elementsAtMost = 150_000;

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
  /** A fight between two writers must not take the machine: to look and to mend take the longer the larger the table is. */
  readonly #doubts = new PacedTask(() => this.#inTurn(() => this.#lookNow()));
  /** Whether something was written, by the kernel's word, that has not been looked for. */
  #isWritten = false;
  /** Comparisons go one at a time. */
  #last: Promise<unknown> = Promise.resolve();
  #watch: TableWatch | undefined;
  #timer: NodeJS.Timeout | undefined;
  #unheard: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor({ dataplane, history, failures, conditions, checkMs, mend }: DriftWatchOptions) {
    this.#dataplane = dataplane;
    this.#history = history;
    this.#failures = failures;
    this.#conditions = conditions;
    this.#checkMs = checkMs;
    this.#mend = mend;
  }

  /** To be called when something is in force, of so many elements: it listens once these are few enough, and goes on. */
  listen(elements: number): void {
    if (this.#isStopped || this.#watch !== undefined) return;
    if (elements > elementsAtMost) {
      const message = `the table has more than ${elementsAtMost} elements, which nft's monitor would keep in memory: what others write is found by comparing`;
      this.#unheardOf("TooLarge", message);
      return;
    }
    this.#watch = this.#dataplane.watch({
      onForeignWrite: (by) => {
        this.#history.suspect(by);
        this.#isWritten = true;
        this.#doubts.request();
      },
      onDoubt: () => this.#doubts.request(),
      onHearing: () => this.#heard(),
      onDeaf: (words) => this.#unheardOf("MonitorEnded", words),
    });
  }

  /** Begins to compare, once something is in force. */
  compare(): void {
    this.#compareAfter(this.#pauseMs(0));
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    clearInterval(this.#unheard);
    await Promise.all([this.#watch?.close(), this.#doubts.stop()]);
  }

  #heard(): void {
    this.#conditions.clear("TableUnwatched");
    clearInterval(this.#unheard);
    this.#unheard = undefined;
  }

  /** What opens everything is then looked for all the time, for it is seen at little cost. */
  #unheardOf(reason: "TooLarge" | "MonitorEnded", message: string): void {
    this.#conditions.set("TableUnwatched", reason, message);
    if (!this.#isStopped) this.#unheard ??= setInterval(() => this.#doubts.request(), unheardMs).unref();
  }

  /** Until the next part, after one that took so long. */
  #pauseMs(tookMs: number): number {
    if (this.#checkMs === 0) return lookMs;
    const sliceMs = Math.max(this.#checkMs / slices, Math.min(this.#checkMs, leastPauseMs));
    return Math.max(sliceMs, (tookMs - longMs) * restShare);
  }

  #compareAfter(pauseMs: number): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(async () => {
      this.#history.look();
      const beganMs = performance.now();
      await this.#inTurn(() => this.#lookOn());
      this.#compareAfter(this.#pauseMs(performance.now() - beganMs));
    }, pauseMs).unref();
  }

  /** The next part. */
  async #lookOn(): Promise<void> {
    if (this.#checkMs > 0) await this.#look(() => this.#dataplane.driftSlice());
  }

  /** First what opens most and takes least to see; the elements of sets only when it is known that something was written. */
  async #lookNow(): Promise<void> {
    const isWritten = this.#isWritten;
    this.#isWritten = false;
    const differs =
      (await this.#look(() => this.#dataplane.definitionDrift())) ||
      (isWritten && (await this.#look(() => this.#dataplane.driftRound())));
    // Who wrote this is not to blame for what is found later.
    if (!differs) this.#history.suspect(undefined);
  }

  /** Mends what a comparison finds; whether it found something. */
  async #look(compare: () => Promise<readonly string[]>): Promise<boolean> {
    try {
      const differences = await compare();
      this.#failures.readable();
      if (differences.length === 0 || this.#isStopped) return false;
      this.#history.found(differences);
      this.#dataplane.distrust();
      await this.#mend();
      return true;
    } catch (error) {
      this.#failures.unreadable(error);
      return false;
    }
  }

  #inTurn(task: () => Promise<void>): Promise<void> {
    const done = this.#last.then(task);
    this.#last = done.catch(() => {});
    return done;
  }
}
