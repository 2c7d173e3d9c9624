import type { ContainerLog } from "./container-log.ts";
import { LaunchError, type Launched } from "./launch.ts";
import type { RawContainer, RawPodSpec } from "./raw-pod.ts";

/** What a container is doing, as in status.containerStatuses[].state. */
export type ContainerState =
  | { readonly kind: "waiting"; readonly reason: string; readonly message?: string }
  | { readonly kind: "running"; readonly startedAt: Date; readonly ready: boolean }
  | Terminated;

export interface Terminated {
  readonly kind: "terminated";
  readonly exitCode: number;
  readonly reason: string;
  readonly message: string;
  readonly startedAt: Date;
  readonly finishedAt: Date;
}

export interface ContainerRunnerOptions {
  readonly spec: RawContainer;
  readonly restartPolicy: NonNullable<RawPodSpec["restartPolicy"]>;
  readonly launch: () => Promise<Launched>;
  readonly onChange: () => void;
}

const firstBackOffMs = 1_000;
const longestBackOffMs = 60_000;
/** A container that ran this long starts afresh with the shortest back-off. */
const wellBehavedMs = 60_000;

/** Keeps one container of a pod running as its restart policy says, with growing pauses. */
export class ContainerRunner {
  readonly spec: RawContainer;
  readonly #options: ContainerRunnerOptions;
  readonly #abort = new AbortController();
  #state: ContainerState = { kind: "waiting", reason: "ContainerCreating" };
  #last: Terminated | undefined;
  #restarts = 0;
  #launched: Launched | undefined;
  #previousLog: ContainerLog | undefined;
  #loop: Promise<void> = Promise.resolve();

  constructor(options: ContainerRunnerOptions) {
    this.#options = options;
    this.spec = options.spec;
  }

  get state(): ContainerState {
    return this.#state;
  }

  get lastTermination(): Terminated | undefined {
    return this.#last;
  }

  get restartCount(): number {
    return this.#restarts;
  }

  /** What runs now, or ran last. */
  get launched(): Launched | undefined {
    return this.#launched;
  }

  /** What the life before this one printed; while a restart is waited for, the last one. */
  get previousLog(): ContainerLog | undefined {
    return this.#state.kind === "waiting" ? this.#launched?.container.log : this.#previousLog;
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** Ends the container, by force when `over` aborts, and does not start it again. */
  async stop(over: AbortSignal): Promise<void> {
    this.#abort.abort();
    await this.#launched?.stop(over);
    await this.#loop;
  }

  async #run(): Promise<void> {
    let backOff = firstBackOffMs;
    while (!this.#abort.signal.aborted) {
      const ended = await this.#once();
      if (ended === undefined) return;
      if (this.#abort.signal.aborted || !this.#restartsAfter(ended)) return this.#become(ended);
      if (ended.finishedAt.getTime() - ended.startedAt.getTime() > wellBehavedMs) backOff = firstBackOffMs;
      this.#last = ended;
      this.#restarts += 1;
      const words = ended.message === "" ? `exit code ${ended.exitCode}` : ended.message;
      const message = `back-off ${backOff / 1000}s restarting failed container ${this.spec.name}: ${words}`;
      this.#become({ kind: "waiting", reason: "CrashLoopBackOff", message });
      await this.#sleep(backOff);
      backOff = Math.min(backOff * 2, longestBackOffMs);
    }
  }

  /** One life of the container; undefined when it can never live. */
  async #once(): Promise<Terminated | undefined> {
    const startedAt = new Date();
    try {
      const launched = await this.#options.launch();
      this.#previousLog = this.#launched?.container.log;
      this.#launched = launched;
      // Stopped while it was being started.
      if (this.#abort.signal.aborted) void launched.stop(AbortSignal.abort());
      this.#become({ kind: "running", startedAt, ready: false });
      void launched.ready.then(() => {
        if (this.#launched === launched && this.#state.kind === "running")
          this.#become({ kind: "running", startedAt, ready: true });
      });
      const exitCode = await launched.exited;
      const { log } = launched.container;
      const message = (exitCode === 0 ? undefined : (log.lastLine("stderr") ?? log.lastLine())) ?? "";
      const reason = exitCode === 0 ? "Completed" : "Error";
      return { kind: "terminated", exitCode, reason, message, startedAt, finishedAt: new Date() };
    } catch (error) {
      const { message } = error as Error;
      if (error instanceof LaunchError && error.reason !== "StartError") {
        this.#become({ kind: "waiting", reason: error.reason, message });
        return undefined;
      }
      return {
        kind: "terminated",
        exitCode: 128,
        reason: "StartError",
        message,
        startedAt,
        finishedAt: new Date(),
      };
    }
  }

  #restartsAfter({ exitCode }: Terminated): boolean {
    const { restartPolicy } = this.#options;
    return restartPolicy === "Always" || (restartPolicy === "OnFailure" && exitCode !== 0);
  }

  #become(state: ContainerState): void {
    this.#state = state;
    this.#options.onChange();
  }

  #sleep(milliseconds: number): Promise<void> {
    const { signal } = this.#abort;
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      signal.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      });
      if (signal.aborted) resolve();
    });
  }
}
