import type { RawProbe } from "../raw-pod.ts";
import type { CheckResult } from "./check.ts";

export interface ProberOptions {
  readonly probe: RawProbe;
  readonly check: (timeoutMs: number) => Promise<CheckResult>;
  /** The probe's opinion, when it has one and whenever it changes. */
  readonly onVerdict: (ok: boolean) => void;
  /** Every single failure. */
  readonly onFailure: (message: string) => void;
  /** How long its container runs already, in milliseconds. */
  readonly ageMs: number;
}

/** Asks again and again, one question at a time, and has an opinion after enough equal answers in a row. */
export class Prober {
  readonly #options: ProberOptions;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #row = 0;
  #last: boolean | undefined;
  #verdict: boolean | undefined;

  constructor(options: ProberOptions) {
    this.#options = options;
    const { initialDelaySeconds = 0 } = options.probe;
    this.#again(initialDelaySeconds * 1000 - options.ageMs);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #ask(): Promise<void> {
    const { probe, check } = this.#options;
    const { timeoutSeconds = 1, periodSeconds = 10 } = probe;
    const started = performance.now();
    const { ok, message } = await check(timeoutSeconds * 1000);
    if (this.#stopped) return;
    this.#take(ok, message);
    if (!this.#stopped) this.#again(periodSeconds * 1000 - (performance.now() - started));
  }

  #take(ok: boolean, message: string): void {
    const { probe, onVerdict, onFailure } = this.#options;
    if (!ok) onFailure(message);
    this.#row = ok === this.#last ? this.#row + 1 : 1;
    this.#last = ok;
    const { successThreshold = 1, failureThreshold = 3 } = probe;
    if (this.#row < (ok ? successThreshold : failureThreshold) || ok === this.#verdict) return;
    this.#verdict = ok;
    onVerdict(ok);
  }

  #again(inMs: number): void {
    if (!this.#stopped) this.#timer = setTimeout(() => void this.#ask(), Math.max(inMs, 0));
  }
}
