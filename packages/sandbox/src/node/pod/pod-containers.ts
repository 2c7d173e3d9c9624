import type { Service } from "@portcullis/engine";
import type { Directory } from "../../dns/directory.ts";
import type { Upstream } from "../../dns/upstream/relay-client.ts";
import type { EventRecorder } from "../../events/recorder.ts";
import { ContainerRunner } from "../container/container-runner.ts";
import type { ContainerView } from "../container/container-status.ts";
import { execInContainer } from "../container/exec-in-container.ts";
import { type Launched, launch } from "../container/launch.ts";
import { serviceVariables } from "../container/service-variables.ts";
import type { ConfigStore } from "./config-store.ts";
import { Grace } from "./grace.ts";
import type { PodPlace } from "./pod-place.ts";
import { type CheckPlace, check } from "./probes/check.ts";
import { Supervision } from "./probes/supervision.ts";
import { podTitle, type RawContainer, type RawPod, type RawPodSpec, type RestartPolicy } from "./raw-pod.ts";
import type { PodVolumes } from "./volumes/pod-volumes.ts";

/** What a pod is told of the cluster's Services. */
export interface ServiceView {
  readonly all: readonly Service[];
  readonly directory: Directory;
}

export interface PodContainersOptions {
  readonly pod: () => RawPod;
  readonly place: () => PodPlace;
  readonly volumes: PodVolumes;
  readonly configs: ConfigStore;
  readonly services: ServiceView;
  readonly upstream: Upstream | undefined;
  readonly events: Pick<EventRecorder, "record">;
  readonly standIn: boolean;
  readonly onChange: () => void;
}

/** A hook has as long as the pod's grace allows; this is for those that nothing else bounds, in milliseconds. */
const longestHookMs = 3_600_000;

/** The containers of a pod in their order: init containers one by one, sidecars among them, then all the others. */
export class PodContainers {
  readonly main: readonly ContainerRunner[];
  readonly init: readonly ContainerRunner[];
  readonly #options: PodContainersOptions;
  readonly #listeners = new Set<() => void>();
  #begun = false;
  #stopping = false;
  #stopped = false;

  constructor(options: PodContainersOptions) {
    this.#options = options;
    const { containers, initContainers = [], restartPolicy = "Always" } = options.pod().spec;
    const waitingFor = initContainers.length > 0 ? "PodInitializing" : "ContainerCreating";
    this.main = containers.map((spec) => this.#runner(spec, restartPolicy, waitingFor));
    const once = restartPolicy === "Never" ? "Never" : "OnFailure";
    this.init = initContainers.map((spec) =>
      this.#runner(spec, isSidecar(spec) ? "Always" : once, waitingFor),
    );
  }

  /** Whether the pod's volumes are there and its containers have been begun with. */
  get begun(): boolean {
    return this.#begun;
  }

  /** Whether `stop` has done its work. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Whether all have ended by themselves. */
  get finished(): boolean {
    return this.#begun && this.main.every(({ state }) => state.kind === "terminated");
  }

  start(): void {
    this.#begun = true;
    void this.#run();
  }

  update({ containers, initContainers = [] }: RawPodSpec): void {
    for (const runner of [...this.main, ...this.init]) {
      const spec = [...containers, ...initContainers].find(({ name }) => name === runner.spec.name);
      if (spec !== undefined) runner.update(spec);
    }
  }

  /** Something that a container waits for may be there now. */
  retry(): void {
    for (const runner of [...this.main, ...this.init]) runner.retry();
  }

  /** Ends all: the sidecars after the others, and the one that started last first. */
  async stop(grace: Grace): Promise<void> {
    this.#stopping = true;
    const plain = this.init.filter(({ spec }) => !isSidecar(spec));
    await Promise.all([...this.main, ...plain].map((runner) => runner.stop(grace)));
    await this.#stopSidecars(grace);
    this.#stopped = true;
  }

  views(): {
    readonly containers: readonly ContainerView[];
    readonly initContainers: readonly ContainerView[];
  } {
    return {
      containers: this.main.map((runner) => viewOf(runner, runner.ready)),
      // One that has done its work counts as ready, for it never will be again.
      initContainers: this.init.map((runner) => viewOf(runner, runner.ready || hasSucceeded(runner))),
    };
  }

  async #run(): Promise<void> {
    for (const runner of this.init) {
      if (this.#stopping) return;
      runner.start();
      if (isSidecar(runner.spec)) await this.#until(() => runner.started);
      else {
        await runner.finished;
        if (!hasSucceeded(runner)) return this.#sidecarsAreDone();
      }
    }
    if (this.#stopping) return;
    for (const runner of this.main) runner.start();
    await Promise.all(this.main.map((runner) => runner.finished));
    await this.#sidecarsAreDone();
  }

  /** Sidecars serve the others, and end with them. */
  async #sidecarsAreDone(): Promise<void> {
    if (this.#stopping || !this.init.some(({ spec }) => isSidecar(spec))) return;
    await this.#stopSidecars(new Grace(this.#graceSeconds * 1000));
    this.#options.onChange();
  }

  async #stopSidecars(grace: Grace): Promise<void> {
    for (const runner of [...this.init].reverse()) if (isSidecar(runner.spec)) await runner.stop(grace);
  }

  get #graceSeconds(): number {
    return this.#options.pod().spec.terminationGracePeriodSeconds ?? 30;
  }

  #until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!condition() && !this.#stopping) return;
        this.#listeners.delete(look);
        resolve();
      };
      this.#listeners.add(look);
      look();
    });
  }

  #changed(): void {
    this.#options.onChange();
    for (const listener of [...this.#listeners]) listener();
  }

  #runner(
    spec: RawContainer,
    restartPolicy: RestartPolicy,
    waitingFor: "PodInitializing" | "ContainerCreating",
  ): ContainerRunner {
    const { pod, events } = this.#options;
    const kind = (pod().spec.initContainers ?? []).includes(spec) ? "initContainers" : "containers";
    return new ContainerRunner({
      spec,
      podTitle: podTitle(pod()),
      restartPolicy,
      graceSeconds: this.#graceSeconds,
      waitingFor,
      launch: (current) => this.#launch(current),
      supervise: (launched, current, more) =>
        new Supervision({ ...more, place: this.#checkPlace(launched, current), listening: launched.ready }),
      hook: (launched, current, handler) =>
        check(handler, this.#checkPlace(launched, current), longestHookMs),
      record: (type, reason, message) =>
        events.record(pod(), type, reason, message, `spec.${kind}{${spec.name}}`),
      onChange: () => this.#changed(),
    });
  }

  #launch(spec: RawContainer): Promise<Launched> {
    const { pod, place, volumes, configs, services, upstream, standIn } = this.#options;
    const { namespace = "default" } = pod().metadata;
    const variables = serviceVariables(services.all, namespace, pod().spec.enableServiceLinks !== false);
    return launch({
      pod: pod(),
      spec,
      place: place(),
      volumes,
      services: variables,
      configs,
      directory: () => services.directory,
      upstream,
      standIn,
    });
  }

  #checkPlace(launched: Launched, container: RawContainer): CheckPlace {
    const address = this.#options.place().addresses[0] ?? "127.0.0.1";
    const exec: CheckPlace["exec"] = (command, timeoutMs) => execInContainer(launched, command, timeoutMs);
    return { container, address, exec };
  }
}

const isSidecar = ({ restartPolicy }: RawContainer): boolean => restartPolicy === "Always";

const hasSucceeded = ({ state }: ContainerRunner): boolean =>
  state.kind === "terminated" && state.exitCode === 0;

function viewOf(runner: ContainerRunner, ready: boolean): ContainerView {
  const { spec, state, lastTermination, restartCount, id, started, launched } = runner;
  return {
    name: spec.name,
    image: spec.image ?? "",
    state,
    restartCount,
    id,
    started,
    ready,
    sidecar: isSidecar(spec),
    ...(lastTermination === undefined ? {} : { last: lastTermination }),
    ...(launched?.note === undefined ? {} : { note: launched.note }),
  };
}
