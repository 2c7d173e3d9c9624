import {
  isReason,
  type KubeClient,
  type KubeObject,
  type Reflection,
  reflect,
  resources,
} from "@portcullis/kube";
import { nodeName } from "../cluster-network.ts";
import { forgetPod } from "./forget-pod.ts";
import { PodRunner, type PodRunnerOptions } from "./pod-runner.ts";
import { podKey, type RawPod } from "./raw-pod.ts";

/** Runs the pods that the API has for this node, which is every pod: there is no other. */
export class Kubelet {
  readonly #client: KubeClient;
  readonly #options: PodRunnerOptions;
  readonly #abort = new AbortController();
  readonly #pods = new Map<string, PodRunner>();

  constructor(options: PodRunnerOptions) {
    this.#client = options.client;
    this.#options = options;
  }

  /** Starts to watch; resolves when the pods that exist have been seen. Later pods are run as they appear. */
  start(): Promise<void> {
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
    if (known !== undefined && known.pod.metadata.uid !== pod.metadata.uid) this.#remove(key);
    else if (known !== undefined) return known.update(pod);
    // Deleted before it was run here, or run by a node part that is no more: nothing is left to end.
    if (pod.metadata.deletionTimestamp !== undefined)
      return void forgetPod(this.#client, pod, this.#options.log);
    if (pod.spec.nodeName === undefined || pod.spec.nodeName === "") void this.#bind(pod);
    else if (pod.spec.nodeName === nodeName) this.#run(pod);
  }

  #run(pod: RawPod): void {
    const runner = new PodRunner(pod, this.#options);
    this.#pods.set(podKey(pod), runner);
    runner.start();
  }

  #remove(key: string): void {
    const runner = this.#pods.get(key);
    if (runner === undefined) return;
    this.#pods.delete(key);
    void runner.remove();
  }

  /** The whole scheduler: every pod that has no node gets this one. The update comes back as an event. */
  async #bind(pod: RawPod): Promise<void> {
    const bound: KubeObject = { ...pod, spec: { ...pod.spec, nodeName } };
    try {
      await this.#client.update(resources.pods, bound);
    } catch (error) {
      // Changed meanwhile: the change comes as an event, and is bound then.
      if (isReason(error, "Conflict") || isReason(error, "NotFound")) return;
      this.#options.log(`cannot bind pod ${podKey(pod)}: ${String(error)}`);
    }
  }
}
