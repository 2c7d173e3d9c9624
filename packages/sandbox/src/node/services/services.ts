import { objectFromApi, type Pod, type Service } from "@portcullis/engine";
import { type KubeClient, type KubeObject, type Reflection, reflect, resources } from "@portcullis/kube";
import { apply, type Nft, type Table } from "@portcullis/nft";
import type { Directory } from "../../dns/directory.ts";
import { serviceDirectory } from "../dns/service-directory.ts";
import { podKey, type RawPod } from "../pod/raw-pod.ts";
import { foreignSlices, type RawEndpointSlice, type RawService, sliceService } from "./raw-service.ts";
import { type Backend, type ServedService, serviceTargets } from "./service-endpoints.ts";
import { serviceTable, serviceTableRef } from "./service-table.ts";

const retryMs = 500;

/** What is watched, and which objects of it. */
const watched = [
  { resource: resources.services, options: {} },
  { resource: resources.pods, options: {} },
  { resource: resources.endpointslices, options: { labelSelector: foreignSlices } },
] as const;

/** Keeps the kernel's Service rules at what the API says of Services, pods and the endpoints that others manage. */
export class Services {
  readonly #client: KubeClient;
  readonly #nft: Nft;
  readonly #log: (line: string) => void;
  readonly #abort = new AbortController();
  readonly #services = new Map<string, Omit<ServedService, "slices">>();
  readonly #slices = new Map<string, RawEndpointSlice>();
  readonly #backends = new Map<string, Backend>();
  readonly #listeners = new Set<() => void>();
  /** Newest resourceVersion seen, by kind; and of what is in the kernel. */
  readonly #seen = new Map<string, bigint>();
  #enforced: ReadonlyMap<string, bigint> = new Map();
  #view: { readonly services: readonly ServedService[]; readonly backends: readonly Backend[] } | undefined;
  #directory: Directory | undefined;
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
    for (const { resource, options } of watched)
      void reflect(
        this.#client,
        resource,
        (event) => this.#take(resource.plural, event),
        this.#abort.signal,
        options,
      );
    await first;
  }

  /** Calls `listener` after each change that came into the kernel; returns what takes it off again. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Every Service there is, for whoever has to tell a container of them. */
  get all(): readonly Service[] {
    return [...this.#services.values()].map(({ service }) => service);
  }

  /** The names of what is in the kernel: a name leads nowhere before its rules do. */
  get directory(): Directory {
    this.#directory ??= serviceDirectory(this.#view?.services ?? [], this.#view?.backends ?? []);
    return this.#directory;
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
    if (this.#seen.size === watched.length) void this.#request();
  }

  #upsert(value: KubeObject): void {
    if (value.kind === "EndpointSlice")
      return void this.#slices.set(podKey(value), value as RawEndpointSlice);
    const { object } = objectFromApi(value);
    if (object?.kind === "Service") this.#upsertService(object, value as RawService);
    else if (object?.kind === "Pod") {
      this.#backends.set(podKey(value), backend(object, value as RawPod));
    } else this.#remove(value);
  }

  #upsertService(service: Service, value: RawService): void {
    const key = podKey(value);
    const { type, externalName, publishNotReadyAddresses = false } = value.spec ?? {};
    this.#services.set(key, {
      service,
      publishNotReady: publishNotReadyAddresses,
      ...(type === "ExternalName" && externalName !== undefined ? { externalName } : {}),
    });
  }

  #remove(value: KubeObject): void {
    const kinds: Readonly<Record<string, Map<string, unknown>>> = {
      Service: this.#services,
      EndpointSlice: this.#slices,
    };
    (kinds[value.kind] ?? this.#backends).delete(podKey(value));
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

  #served(): readonly ServedService[] {
    const slices = new Map<string, RawEndpointSlice[]>();
    for (const slice of this.#slices.values()) {
      const key = sliceService(slice);
      const known = slices.get(key);
      if (known === undefined) slices.set(key, [slice]);
      else known.push(slice);
    }
    return [...this.#services].map(([key, service]) => ({ ...service, slices: slices.get(key) ?? [] }));
  }

  async #reconcile(): Promise<void> {
    const revisions = new Map(this.#seen);
    const backends = [...this.#backends.values()];
    const services = this.#served();
    const targets = serviceTargets(services, backends);
    const pods = backends
      .filter(({ pod }) => !pod.hostNetwork)
      .flatMap(({ pod }) => pod.addresses.map(({ text }) => text));
    try {
      this.#current = await apply(this.#nft, this.#current, serviceTable(targets, pods.sort()));
      this.#enforced = revisions;
      this.#view = { services, backends };
      this.#directory = undefined;
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
function backend(object: Pod, value: RawPod): Backend {
  const { hostname, subdomain } = value.spec;
  return {
    pod: object,
    ready: isReady(value),
    terminating: value.metadata.deletionTimestamp !== undefined,
    ...(hostname === undefined ? {} : { hostname }),
    ...(subdomain === undefined ? {} : { subdomain }),
  };
}

function isReady({ metadata, status }: RawPod): boolean {
  if (metadata.deletionTimestamp !== undefined) return false;
  return (status?.conditions ?? []).some(({ type, status: value }) => type === "Ready" && value === "True");
}
