import { objectFromApi, type Service } from "@portcullis/engine";
import { type KubeClient, type KubeObject, type Reflection, reflect, resources } from "@portcullis/kube";
import { apply, type Nft, type Table } from "@portcullis/nft";
import { podKey, type RawPod } from "./raw-pod.ts";
import { type Backend, serviceTargets } from "./service-endpoints.ts";
import { serviceTable, serviceTableRef } from "./service-table.ts";

const retryMs = 500;

/** Keeps the kernel's Service rules at what the API says of Services and pods. */
export class Services {
  readonly #client: KubeClient;
  readonly #nft: Nft;
  readonly #log: (line: string) => void;
  readonly #abort = new AbortController();
  readonly #services = new Map<string, Service>();
  readonly #backends = new Map<string, Backend>();
  readonly #listeners = new Set<() => void>();
  /** Newest resourceVersion seen, by kind; and of what is in the kernel. */
  readonly #seen = new Map<string, bigint>();
  #enforced: ReadonlyMap<string, bigint> = new Map();
  #current: Table | undefined;
  #wanted = false;
  #working = false;

  constructor(options: {
    readonly client: KubeClient;
    readonly nft: Nft;
    readonly log: (line: string) => void;
  }) {
    this.#client = options.client;
    this.#nft = options.nft;
    this.#log = options.log;
  }

  /** Resolves when the rules of what exists are in the kernel. */
  async start(): Promise<void> {
    const first = new Promise<void>((resolve) => {
      const unsubscribe = this.onChange(() => {
        unsubscribe();
        resolve();
      });
    });
    for (const resource of [resources.services, resources.pods])
      void reflect(this.#client, resource, (event) => this.#take(resource.plural, event), this.#abort.signal);
    await first;
  }

  /** Calls `listener` after each change that came into the kernel; returns what takes it off again. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Newest resourceVersion of `services` or `pods` whose effect is in the kernel. */
  enforcedRevision(plural: string): bigint {
    return this.#enforced.get(plural) ?? 0n;
  }

  #take(plural: string, event: Reflection): void {
    if (event.type === "sync") for (const object of event.objects) this.#upsert(object);
    else if (event.type === "upsert") this.#upsert(event.object);
    else this.#remove(event.object);
    this.#seen.set(plural, BigInt(event.resourceVersion));
    if (this.#seen.size === 2) void this.#request();
  }

  #upsert(value: KubeObject): void {
    const { object } = objectFromApi(value);
    if (object?.kind === "Service") this.#services.set(podKey(value), object);
    else if (object?.kind === "Pod")
      this.#backends.set(podKey(value), { pod: object, ready: isReady(value as RawPod) });
    else this.#remove(value);
  }

  #remove(value: KubeObject): void {
    (value.kind === "Service" ? this.#services : this.#backends).delete(podKey(value));
  }

  async #request(): Promise<void> {
    this.#wanted = true;
    if (this.#working) return;
    this.#working = true;
    // Let whatever arrives in the same turn of the event loop share a transaction.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#wanted && !this.#abort.signal.aborted) {
      this.#wanted = false;
      await this.#reconcile();
    }
    this.#working = false;
  }

  async #reconcile(): Promise<void> {
    const revisions = new Map(this.#seen);
    const backends = [...this.#backends.values()];
    const targets = serviceTargets([...this.#services.values()], backends);
    const pods = backends
      .filter(({ pod }) => !pod.hostNetwork)
      .flatMap(({ pod }) => pod.addresses.map(({ text }) => text));
    try {
      this.#current = await apply(this.#nft, this.#current, serviceTable(targets, pods.sort()));
      this.#enforced = revisions;
      for (const listener of [...this.#listeners]) listener();
    } catch (error) {
      this.#log(`services: will try again: ${(error as Error).message}`);
      await new Promise((resolve) => setTimeout(resolve, retryMs));
      this.#current = await this.#nft.list(serviceTableRef).catch(() => undefined);
      this.#wanted = true;
    }
  }
}

/** A pod that is being deleted gets no new connections (API reference, EndpointConditions.ready). */
function isReady({ metadata, status }: RawPod): boolean {
  if (metadata.deletionTimestamp !== undefined) return false;
  return (status?.conditions ?? []).some(({ type, status: value }) => type === "Ready" && value === "True");
}
