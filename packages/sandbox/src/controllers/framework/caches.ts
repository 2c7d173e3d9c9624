import {
  type DeleteOptions,
  isReason,
  type KubeClient,
  type KubeObject,
  type Resource,
  reflect,
} from "@portcullis/kube";
import { ResourceCache } from "./resource-cache.ts";

/** One cache a kind for all controllers, and the writes that go past it. */
export class Caches {
  readonly #client: KubeClient;
  readonly #signal: AbortSignal;
  readonly #log: (line: string) => void;
  readonly #caches = new Map<string, ResourceCache>();
  #started = false;

  constructor(client: KubeClient, signal: AbortSignal, log: (line: string) => void) {
    this.#client = client;
    this.#signal = signal;
    this.#log = log;
  }

  of<T extends KubeObject>(resource: Resource): ResourceCache<T> {
    const key = cacheKey(resource);
    let cache = this.#caches.get(key);
    if (cache === undefined) {
      cache = new ResourceCache(resource);
      this.#caches.set(key, cache);
      if (this.#started) this.#reflect(cache);
    }
    return cache as unknown as ResourceCache<T>;
  }

  all(): readonly ResourceCache[] {
    return [...this.#caches.values()];
  }

  /** Starts to watch; resolves when every kind has been listed. */
  async start(): Promise<void> {
    this.#started = true;
    for (const cache of this.#caches.values()) this.#reflect(cache);
    await Promise.all(this.all().map(({ synced }) => synced));
  }

  /** The object as it is now, past the cache; undefined when it does not exist. */
  async live(resource: Resource, name: string, namespace?: string): Promise<KubeObject | undefined> {
    try {
      return await this.#client.get(resource, name, namespace);
    } catch (error) {
      if (isReason(error, "NotFound")) return undefined;
      throw error;
    }
  }

  async create<T extends KubeObject>(resource: Resource, object: KubeObject): Promise<T> {
    return this.#wrote<T>(resource, await this.#client.create(resource, object));
  }

  async update<T extends KubeObject>(
    resource: Resource,
    object: KubeObject,
    subresource?: "status" | "finalize",
  ): Promise<T> {
    return this.#wrote<T>(resource, await this.#client.update(resource, object, subresource));
  }

  /** Deletes this very object, not one that has taken its name since. What is gone already is no error. */
  async delete(resource: Resource, { metadata }: KubeObject, options: DeleteOptions = {}): Promise<void> {
    const { name, namespace, uid } = metadata;
    const preconditions = uid === undefined ? {} : { preconditions: { uid } };
    try {
      const answer = await this.#client.delete(resource, name, namespace, { ...preconditions, ...options });
      const cache = this.#caches.get(cacheKey(resource));
      if (answer.metadata?.deletionTimestamp === undefined) cache?.removed(answer);
      else cache?.wrote(answer);
    } catch (error) {
      // Conflict: another object has the name by now.
      if (!isReason(error, "NotFound") && !isReason(error, "Conflict")) throw error;
    }
  }

  #wrote<T extends KubeObject>(resource: Resource, object: KubeObject): T {
    this.#caches.get(cacheKey(resource))?.wrote(object);
    return object as T;
  }

  #reflect(cache: ResourceCache): void {
    const { resource } = cache;
    void reflect(this.#client, resource, (event) => cache.take(event), this.#signal, {
      onProgress: (resourceVersion) => cache.progress(Number(resourceVersion)),
      onError: (error) => this.#log(`controllers: ${resource.plural}: ${String(error)}`),
    });
  }
}

function cacheKey({ group, plural }: Resource): string {
  return `${plural}.${group}`;
}
