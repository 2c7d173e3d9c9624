import { type KubeClient, type Reflection, reflect, resources } from "@portcullis/kube";
import { nodeName } from "../cluster-network.ts";
import type { EventRecorder } from "../events/recorder.ts";
import { forgetPod } from "./pod/forget-pod.ts";
import { PodRunner, type PodRunnerOptions } from "./pod/pod-runner.ts";
import { podKey, type RawPod } from "./pod/raw-pod.ts";
import { Scheduler } from "./scheduling/scheduler.ts";

export interface KubeletOptions extends PodRunnerOptions {
  /** What the scheduler reports. */
  readonly schedulerEvents: Pick<EventRecorder, "record">;
}

/** Runs the pods that the API has for this node, which is every pod: there is no other. */
export class Kubelet {
  readonly #client: KubeClient;
  readonly #options: KubeletOptions;
  readonly #scheduler: Scheduler;
  readonly #abort = new AbortController();
  readonly #pods = new Map<string, PodRunner>();

  constructor(options: KubeletOptions) {
    const { client, schedulerEvents: events, log } = options;
    this.#client = client;
    this.#options = options;
    this.#scheduler = new Scheduler({ client, events, log });
    options.configs.onChange((namespace) => {
      for (const runner of this.#pods.values())
        if ((runner.pod.metadata.namespace ?? "default") === namespace) runner.refresh();
    });
  }

  /** Starts to watch; resolves when the pods that exist have been seen. Later pods are run as they appear. */
  start(): Promise<void> {
    this.#scheduler.start(this.#abort.signal);
    return new Promise((resolve) => {
      const handler = (event: Reflection) => {
        if (event.type === "sync") for (const object of event.objects) this.#upsert(object as RawPod);
        else if (event.type === "upsert") this.#upsert(event.object as RawPod);
        else this.#remove(podKey(event.object));
        if (event.type === "sync") resolve();
      };
      void reflect(this.#client, resources.pods, handler, this.#abort.signal);
    });
  }

  /** The pod `namespace/name`, if this node runs it. */
  find(key: string): PodRunner | undefined {
    return this.#pods.get(key);
  }

  #upsert(pod: RawPod): void {
    const key = podKey(pod);
    const known = this.#pods.get(key);
    if (known !== undefined && known.pod.metadata.uid === pod.metadata.uid) {
      known.update(pod);
      return;
    }
    if (known !== undefined) this.#remove(key);
    const bound = pod.spec.nodeName ?? "";
    // Deleted before it was run here, or run by a node part that is no more: nothing is left to end.
    if (pod.metadata.deletionTimestamp !== undefined) void forgetPod(this.#client, pod, this.#options.log);
    else if (bound === "") this.#scheduler.schedule(pod);
    else if (bound === nodeName && !hasEnded(pod)) this.#run(pod);
  }

  #run(pod: RawPod): void {
    const key = podKey(pod);
    this.#scheduler.forget(key);
    const runner = new PodRunner(pod, this.#options);
    this.#pods.set(key, runner);
    runner.start();
  }

  #remove(key: string): void {
    this.#scheduler.forget(key);
    const runner = this.#pods.get(key);
    if (runner === undefined) return;
    this.#pods.delete(key);
    void runner.remove();
  }
}

/** A pod that has ended is not begun again, whichever node part ran it. */
const hasEnded = ({ status }: RawPod): boolean => status?.phase === "Succeeded" || status?.phase === "Failed";
