import { randomBytes } from "node:crypto";
import { Grace } from "../pod/grace.ts";
import type { CheckResult } from "../pod/probes/check.ts";
import type { Supervision, SupervisionOptions } from "../pod/probes/supervision.ts";
import type { RawContainer, RawHandler, RestartPolicy } from "../pod/raw-pod.ts";
import { Sleeper } from "../system/sleeper.ts";
import type { ContainerLog } from "./container-log.ts";
import type { ContainerState, Terminated } from "./container-state.ts";
import { LaunchError, type Launched } from "./launch.ts";
import { RestartBackOff } from "./restart-back-off.ts";

/** Tells what happens to the container, as an Event of its pod. */
type Record = (type: "Normal" | "Warning", reason: string, message: string) => void;

export interface ContainerRunnerOptions {
  readonly spec: RawContainer;
  /** `name_namespace(uid)` of the pod. */
  readonly podTitle: string;
  readonly restartPolicy: RestartPolicy;
  /** The pod's, in seconds. */
  readonly graceSeconds: number;
  /** Of the state before the first launch. */
  readonly waitingFor: "ContainerCreating" | "PodInitializing";
  readonly launch: (spec: RawContainer) => Promise<Launched>;
  readonly supervise: (
    launched: Launched,
    spec: RawContainer,
    options: Omit<SupervisionOptions, "place" | "listening">,
  ) => Pick<Supervision, "started" | "ready" | "stop">;
  /** Carries out a lifecycle hook. */
  readonly hook: (launched: Launched, spec: RawContainer, handler: RawHandler) => Promise<CheckResult>;
  readonly record: Record;
  readonly onChange: () => void;
}

const imageRetryMs = 300;

/** One container of a pod: its lives, one after the other, as its restart policy says. */
export class ContainerRunner {
  readonly #options: ContainerRunnerOptions;
  readonly #sleeper = new Sleeper();
  #restarts = new RestartBackOff();
  readonly #retries = new RestartBackOff();
  #spec: RawContainer;
  #state: ContainerState;
  #last: Terminated | undefined;
  #restartCount = 0;
  #id = "";
  #stopping = false;
  /** Whether something runs, though perhaps its first hook is not done. */
  #alive = false;
  #replaced = false;
  #launched: Launched | undefined;
  #previousLog: ContainerLog | undefined;
  #supervision: Pick<Supervision, "started" | "ready" | "stop"> | undefined;
  #loop: Promise<void> = Promise.resolve();

  constructor(options: ContainerRunnerOptions) {
    this.#options = options;
    this.#spec = options.spec;
    this.#state = { kind: "waiting", reason: options.waitingFor };
  }

  get spec(): RawContainer {
    return this.#spec;
  }

  get state(): ContainerState {
    return this.#state;
  }

  get lastTermination(): Terminated | undefined {
    return this.#last;
  }

  get restartCount(): number {
    return this.#restartCount;
  }

  /** Of the present life, or the last one; "" before the first. */
  get id(): string {
    return this.#id;
  }

  get started(): boolean {
    return this.#state.kind === "running" && (this.#supervision?.started ?? false);
  }

  get ready(): boolean {
    return this.#state.kind === "running" && (this.#supervision?.ready ?? false);
  }

  /** What runs now, or ran last. */
  get launched(): Launched | undefined {
    return this.#launched;
  }

  /** What the life before this one printed; while a restart is waited for, the last one. */
  get previousLog(): ContainerLog | undefined {
    return this.#state.kind === "waiting" ? this.#launched?.container.log : this.#previousLog;
  }

  /** What it printed in its present life, or in its last one; undefined before the first. */
  get log(): ContainerLog | undefined {
    return this.#launched?.container.log;
  }

  /** Resolves when it has ended for good. */
  get finished(): Promise<void> {
    return this.#loop;
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** A change in its image ends what runs, and the new one is started; without a life it is tried at once. */
  update(spec: RawContainer): void {
    const changed = spec.image !== this.#spec.image;
    this.#spec = spec;
    if (!changed || this.#stopping) return;
    this.#restarts = new RestartBackOff();
    this.#sleeper.wake();
    if (!this.#alive) return;
    this.#replaced = true;
    this.#record("Normal", "Killing", `Container ${spec.name} definition changed, will be restarted`);
    void this.#endLife(new Grace(this.#options.graceSeconds * 1000));
  }

  /** Something that it waited for may be there now. */
  retry(): void {
    if (this.#state.kind === "waiting" && this.#state.reason === "CreateContainerConfigError")
      this.#sleeper.wake();
  }

  /** Ends the container, by force when the grace is over, and does not start it again. */
  async stop(grace: Grace): Promise<void> {
    this.#stopping = true;
    this.#sleeper.wake();
    if (this.#alive) {
      this.#record("Normal", "Killing", `Stopping container ${this.#spec.name}`);
      await this.#endLife(grace);
    }
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      const ended = await this.#live();
      if (ended === undefined) continue;
      this.#supervision?.stop();
      this.#alive = false;
      if (this.#stopping || !this.#restartsAfter(ended)) return this.#become(ended);
      this.#last = ended;
      await this.#backOff();
      this.#restartCount += 1;
    }
  }

  /** One life of the container; undefined when it did not come to life, and may be tried again. */
  async #live(): Promise<Terminated | undefined> {
    const startedAt = new Date();
    this.#id = randomBytes(32).toString("hex");
    try {
      const launched = await this.#options.launch(this.#spec);
      const code = await this.#runLife(launched, startedAt);
      const { log } = launched.container;
      const message = (code === 0 ? undefined : (log.lastLine("stderr") ?? log.lastLine())) ?? "";
      return this.#terminated(code, code === 0 ? "Completed" : "Error", message, startedAt);
    } catch (error) {
      const { message } = error as Error;
      if (error instanceof LaunchError && error.reason !== "StartError") {
        await this.#cannot(error.reason, message);
        return undefined;
      }
      this.#record("Warning", "Failed", `Error: ${message}`);
      this.#become({ kind: "waiting", reason: "RunContainerError", message });
      return this.#terminated(128, "StartError", message, startedAt);
    }
  }

  async #runLife(launched: Launched, startedAt: Date): Promise<number> {
    const { name, lifecycle, image = "" } = this.#spec;
    this.#previousLog = this.#launched?.container.log;
    this.#launched = launched;
    this.#alive = true;
    this.#record("Normal", "Pulled", `Container image "${image}" already present on machine`);
    this.#record("Normal", "Created", `Created container: ${name}`);
    this.#record("Normal", "Started", `Started container ${name}`);
    // Stopped while it was being started.
    if (this.#stopping) void launched.stop(AbortSignal.abort());
    const { postStart } = lifecycle ?? {};
    if (postStart !== undefined) {
      const hooked = this.#options.hook(launched, this.#spec, postStart);
      const result = await Promise.race([hooked, launched.exited.then(() => ({ ok: true, message: "" }))]);
      if (!result.ok) {
        this.#record("Warning", "FailedPostStartHook", `PostStartHook failed: ${result.message}`);
        this.#record("Normal", "Killing", "FailedPostStartHook");
        await launched.stop(new Grace(this.#options.graceSeconds * 1000).over);
      }
    }
    this.#supervision = this.#options.supervise(launched, this.#spec, {
      onChange: () => this.#options.onChange(),
      onFailure: (message) => this.#record("Warning", "Unhealthy", message),
      onUnhealthy: (probe, graceSeconds = this.#options.graceSeconds) => {
        this.#record("Normal", "Killing", `Container ${name} failed ${probe} probe, will be restarted`);
        void this.#endLife(new Grace(graceSeconds * 1000));
      },
    });
    this.#become({ kind: "running", startedAt });
    return launched.exited;
  }

  /** The preStop hook, SIGTERM and, when the grace is over, SIGKILL. */
  async #endLife(grace: Grace): Promise<void> {
    const launched = this.#launched;
    if (launched === undefined) return;
    const preStop = this.#spec.lifecycle?.preStop;
    if (preStop !== undefined && !grace.over.aborted) {
      const over = new Promise<undefined>((resolve) =>
        grace.over.addEventListener("abort", () => resolve(undefined)),
      );
      const hooked = this.#options.hook(launched, this.#spec, preStop);
      const result = await Promise.race([hooked, over, launched.exited.then(() => undefined)]);
      if (result?.ok === false)
        this.#record("Warning", "FailedPreStopHook", `PreStopHook failed: ${result.message}`);
    }
    await launched.stop(grace.over);
  }

  /** The image or the configuration is not there: told, and tried again later, or when something changes. */
  async #cannot(reason: "ErrImagePull" | "CreateContainerConfigError", message: string): Promise<void> {
    const { image = "" } = this.#spec;
    if (reason === "ErrImagePull") {
      this.#record("Normal", "Pulling", `Pulling image "${image}"`);
      this.#record("Warning", "Failed", `Failed to pull image "${image}": ${message}`);
    }
    this.#record("Warning", "Failed", `Error: ${reason === "ErrImagePull" ? reason : message}`);
    this.#become({ kind: "waiting", reason, message });
    if (this.#stopping) return;
    const pause = this.#retries.next(performance.now()) || imageRetryMs;
    await this.#sleeper.sleep(reason === "ErrImagePull" ? imageRetryMs : pause);
    if (reason !== "ErrImagePull" || this.#stopping) return;
    const words = `Back-off pulling image "${image}"`;
    this.#record("Normal", "BackOff", words);
    this.#record("Warning", "Failed", "Error: ImagePullBackOff");
    this.#become({
      kind: "waiting",
      reason: "ImagePullBackOff",
      message: `${words}: ErrImagePull: ${message}`,
    });
    await this.#sleeper.sleep(Math.max(pause, 10_000));
  }

  async #backOff(): Promise<void> {
    const pause = this.#restarts.next(performance.now());
    if (pause === 0 || this.#stopping) return;
    const { name } = this.#spec;
    const { podTitle } = this.#options;
    this.#record("Warning", "BackOff", `Back-off restarting failed container ${name} in pod ${podTitle}`);
    const message = `back-off ${duration(pause)} restarting failed container=${name} pod=${podTitle}`;
    this.#become({ kind: "waiting", reason: "CrashLoopBackOff", message });
    await this.#sleeper.sleep(pause);
  }

  #terminated(exitCode: number, reason: string, message: string, startedAt: Date): Terminated {
    return { kind: "terminated", id: this.#id, exitCode, reason, message, startedAt, finishedAt: new Date() };
  }

  #restartsAfter({ exitCode }: Terminated): boolean {
    if (this.#replaced) {
      this.#replaced = false;
      return true;
    }
    const { restartPolicy } = this.#options;
    return restartPolicy === "Always" || (restartPolicy === "OnFailure" && exitCode !== 0);
  }

  #record(...event: Parameters<Record>): void {
    this.#options.record(...event);
  }

  #become(state: ContainerState): void {
    this.#state = state;
    this.#options.onChange();
  }
}

/** As Go writes a duration of whole seconds: `10s`, `1m20s`. */
function duration(ms: number): string {
  const seconds = ms / 1000;
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
