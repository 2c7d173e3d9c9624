import { ApiError, isReason } from "@portcullis/kube";

/** Waits after failures of one key: from 5 ms, doubling, to 30 s. */
const firstWaitMs = 5;
const longestWaitMs = 30_000;

export interface WorkQueueOptions {
  /** How many keys are worked on at once (default 4). */
  readonly concurrency?: number;
  readonly log: (line: string) => void;
}

/**
 * Brings things in order by their keys. A key is worked on by one worker at a time; asked for again meanwhile, it is
 * worked on once more. A failure is tried again, later each time; a conflict soon.
 */
export class WorkQueue {
  readonly #name: string;
  readonly #sync: (key: string) => Promise<void>;
  readonly #concurrency: number;
  readonly #log: (line: string) => void;
  readonly #waiting = new Set<string>();
  readonly #working = new Set<string>();
  readonly #failures = new Map<string, number>();
  readonly #timers = new Map<string, { readonly at: number; readonly timer: NodeJS.Timeout }>();
  #started = false;
  #stopped = false;

  constructor(name: string, sync: (key: string) => Promise<void>, options: WorkQueueOptions) {
    this.#name = name;
    this.#sync = sync;
    this.#concurrency = options.concurrency ?? 4;
    this.#log = options.log;
  }

  /** Work begins; what was added before waits for this. */
  start(): void {
    this.#started = true;
    this.#pump();
  }

  stop(): void {
    this.#stopped = true;
    for (const { timer } of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  add(key: string): void {
    if (this.#stopped) return;
    this.#waiting.add(key);
    // What comes in the same turn of the event loop is one piece of work.
    setImmediate(() => this.#pump());
  }

  /** Adds it after so many milliseconds at the latest. */
  addAfter(key: string, milliseconds: number): void {
    if (this.#stopped) return;
    const at = Date.now() + milliseconds;
    const former = this.#timers.get(key);
    if (former !== undefined && former.at <= at) return;
    clearTimeout(former?.timer);
    const run = () => {
      this.#timers.delete(key);
      this.add(key);
    };
    // Longer than a timer can wait is looked at again then.
    const timer = setTimeout(run, Math.min(Math.max(milliseconds, 0), 2 ** 31 - 1)).unref();
    this.#timers.set(key, { at, timer });
  }

  #pump(): void {
    if (!this.#started || this.#stopped) return;
    for (const key of this.#waiting) {
      if (this.#working.size >= this.#concurrency) return;
      if (this.#working.has(key)) continue;
      this.#waiting.delete(key);
      this.#working.add(key);
      void this.#work(key);
    }
  }

  async #work(key: string): Promise<void> {
    try {
      await this.#sync(key);
      this.#failures.delete(key);
    } catch (error) {
      this.#fail(key, error);
    }
    this.#working.delete(key);
    this.#pump();
  }

  #fail(key: string, error: unknown): void {
    if (this.#stopped) return;
    if (isTerminating(error)) {
      this.#failures.delete(key);
      return;
    }
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, failures);
    const expected = isReason(error, "Conflict") || isReason(error, "NotFound");
    if (!expected)
      this.#log(`${this.#name} ${key}: ${error instanceof Error ? error.message : String(error)}`);
    this.addAfter(key, Math.min(firstWaitMs * 2 ** Math.min(failures - 1, 20), longestWaitMs));
  }
}

/** Nothing can be made in a namespace that goes away, and nothing needs to be. */
function isTerminating(error: unknown): boolean {
  const causes = error instanceof ApiError ? (error.status.details?.causes ?? []) : [];
  return causes.some(({ reason }) => reason === "NamespaceTerminating");
}
