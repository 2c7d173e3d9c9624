import type { RawContainer, RawProbe } from "../raw-pod.ts";
import { type CheckPlace, check } from "./check.ts";
import { Prober } from "./prober.ts";

export interface SupervisionOptions {
  readonly place: CheckPlace;
  /** Resolves when the program can answer, as far as the node itself can tell; counts when there is no readiness probe. */
  readonly listening: Promise<void>;
  readonly onChange: () => void;
  /** The container has to be ended: which probe found so, and how long its end may take when the probe says that. */
  readonly onUnhealthy: (probe: "liveness" | "startup", graceSeconds: number | undefined) => void;
  /** In the kubelet's words: `Readiness probe failed: …`. */
  readonly onFailure: (message: string) => void;
}

/** The probes of one life of a container. Until the startup probe has succeeded the others wait. */
export class Supervision {
  readonly #options: SupervisionOptions;
  readonly #startedAt = performance.now();
  readonly #probers: Prober[] = [];
  #started = false;
  #ready = false;
  #stopped = false;

  constructor(options: SupervisionOptions) {
    this.#options = options;
    const { startupProbe } = this.#container;
    if (startupProbe === undefined) this.#begin();
    else
      this.#watch("Startup", startupProbe, (ok) =>
        ok ? this.#begin() : this.#unhealthy("startup", startupProbe),
      );
  }

  /** Whether the startup probe, if there is one, has succeeded. */
  get started(): boolean {
    return this.#started;
  }

  get ready(): boolean {
    return this.#ready;
  }

  stop(): void {
    this.#stopped = true;
    for (const prober of this.#probers) prober.stop();
  }

  get #container(): RawContainer {
    return this.#options.place.container;
  }

  #begin(): void {
    for (const prober of this.#probers.splice(0)) prober.stop();
    this.#started = true;
    const { readinessProbe, livenessProbe } = this.#container;
    if (livenessProbe !== undefined)
      this.#watch("Liveness", livenessProbe, (ok) => {
        if (!ok) this.#unhealthy("liveness", livenessProbe);
      });
    if (readinessProbe !== undefined) this.#watch("Readiness", readinessProbe, (ok) => this.#become(ok));
    else void this.#options.listening.then(() => this.#become(true));
    this.#options.onChange();
  }

  #watch(name: string, probe: RawProbe, onVerdict: (ok: boolean) => void): void {
    const { place, onFailure } = this.#options;
    this.#probers.push(
      new Prober({
        probe,
        check: (timeoutMs) => check(probe, place, timeoutMs),
        onVerdict,
        onFailure: (message) => onFailure(`${name} probe failed: ${message}`),
        ageMs: performance.now() - this.#startedAt,
      }),
    );
  }

  #become(ready: boolean): void {
    if (this.#stopped || ready === this.#ready) return;
    this.#ready = ready;
    this.#options.onChange();
  }

  #unhealthy(which: "liveness" | "startup", probe: RawProbe): void {
    this.stop();
    this.#options.onUnhealthy(which, probe.terminationGracePeriodSeconds);
  }
}
