import { type KubeClient, type KubeObject, reflect, resources } from "@portcullis/kube";
import { timestamp } from "../events/event-object.ts";

/** A node that runs nothing: it gives pods addresses, calls them ready, and lets those go that are being deleted. */
export class FakeKubelet {
  readonly #client: KubeClient;
  readonly #abort = new AbortController();
  readonly #done = new Set<string>();
  #addresses = 0;
  /** What becomes of a pod; "ready" when absent. */
  fate: (pod: KubeObject) => "ready" | "unready" | "pending" | "Succeeded" | "Failed" = () => "ready";
  /** Whether pods that are being deleted end. */
  lets = true;

  constructor(client: KubeClient) {
    this.#client = client;
  }

  start(): Promise<void> {
    return new Promise((resolve) => {
      void reflect(
        this.#client,
        resources.pods,
        (event) => {
          if (event.type === "sync") for (const pod of event.objects) void this.#see(pod);
          if (event.type === "upsert") void this.#see(event.object);
          if (event.type === "sync") resolve();
        },
        this.#abort.signal,
      );
    });
  }

  stop(): void {
    this.#abort.abort();
  }

  /** Looks at every pod again: its fate may be another by now. */
  async again(): Promise<void> {
    const { items } = await this.#client.list(resources.pods);
    this.#done.clear();
    await Promise.all(items.map((pod) => this.#see(pod)));
  }

  async #see(pod: KubeObject): Promise<void> {
    const { name, namespace, uid = "", deletionTimestamp } = pod.metadata;
    if (deletionTimestamp !== undefined) {
      if (this.lets)
        await this.#client
          .delete(resources.pods, name, namespace, { gracePeriodSeconds: 0, preconditions: { uid } })
          .catch(() => {});
      return;
    }
    const fate = this.fate(pod);
    if (fate === "pending" || this.#done.has(uid)) return;
    this.#done.add(uid);
    const spec = pod.spec as { nodeName?: string };
    const bound = spec.nodeName
      ? pod
      : await this.#write({ ...pod, spec: { ...spec, nodeName: "portcullis" } });
    if (bound !== undefined) await this.#write({ ...bound, status: this.#status(bound, fate) }, "status");
  }

  #status(pod: KubeObject, fate: "ready" | "unready" | "Succeeded" | "Failed"): object {
    const former = (pod.status ?? {}) as { podIPs?: unknown; podIP?: string };
    const address = ++this.#addresses;
    const addresses = [`10.244.${address >> 8}.${address & 255}`, `fd00:10:244::${address.toString(16)}`];
    const running = fate === "ready" || fate === "unready";
    const ready = fate === "ready" ? "True" : "False";
    const lastTransitionTime = timestamp(new Date());
    return {
      ...(former.podIPs === undefined
        ? { podIP: addresses[0], podIPs: addresses.map((ip) => ({ ip })) }
        : { podIP: former.podIP, podIPs: former.podIPs }),
      phase: running ? "Running" : fate,
      conditions: ["Initialized", "Ready", "ContainersReady", "PodScheduled"].map((type) => ({
        type,
        status: type.endsWith("eady") ? ready : "True",
        lastTransitionTime,
      })),
    };
  }

  async #write(pod: KubeObject, subresource?: "status"): Promise<KubeObject | undefined> {
    const { resourceVersion: _, ...metadata } = pod.metadata;
    return this.#client.update(resources.pods, { ...pod, metadata }, subresource).catch(() => undefined);
  }
}
