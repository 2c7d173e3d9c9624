import {
  type KubeClient,
  type KubeObject,
  type Reflection,
  type Resource,
  reflect,
  resources,
} from "@portcullis/kube";
import { podKey } from "./raw-pod.ts";

export type ConfigKind = "ConfigMap" | "Secret";

/** A missing or unusable ConfigMap or Secret, in the kubelet's words. */
export class ConfigError extends Error {}

/** The cluster's ConfigMaps and Secrets, kept up to date, so that containers start without asking. */
export class ConfigStore {
  readonly #client: KubeClient;
  readonly #abort = new AbortController();
  readonly #objects = new Map<string, KubeObject>();
  readonly #listeners = new Set<(namespace: string) => void>();
  #synced: Promise<unknown> = Promise.resolve();

  constructor(client: KubeClient) {
    this.#client = client;
  }

  start(): void {
    this.#synced = Promise.all([this.#follow(resources.configmaps), this.#follow(resources.secrets)]);
  }

  /** Resolves when all that exist are known. */
  async synced(): Promise<void> {
    await this.#synced;
  }

  /** Calls `listener` with the namespace of each change; returns what takes it off again. */
  onChange(listener: (namespace: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The content by key. @throws ConfigError when there is no such object. */
  data(kind: ConfigKind, namespace: string, name: string): ReadonlyMap<string, Buffer> {
    const object = this.#objects.get(`${kind}/${namespace}/${name}`);
    if (object === undefined) throw new ConfigError(`${kind.toLowerCase()} "${name}" not found`);
    const { data = {}, binaryData = {} } = object as KubeObject & RawConfig;
    const text: BufferEncoding = kind === "Secret" ? "base64" : "utf8";
    return new Map([
      ...Object.entries(data).map(([key, value]) => [key, Buffer.from(value, text)] as const),
      ...Object.entries(binaryData).map(([key, value]) => [key, Buffer.from(value, "base64")] as const),
    ]);
  }

  #follow(resource: Resource): Promise<void> {
    return new Promise((resolve) => {
      const handler = (event: Reflection) => {
        if (event.type === "sync") {
          for (const object of event.objects) this.#objects.set(`${resource.kind}/${podKey(object)}`, object);
          resolve();
          return;
        }
        const key = `${resource.kind}/${podKey(event.object)}`;
        if (event.type === "upsert") this.#objects.set(key, event.object);
        else this.#objects.delete(key);
        const { namespace = "default" } = event.object.metadata;
        for (const listener of [...this.#listeners]) listener(namespace);
      };
      void reflect(this.#client, resource, handler, this.#abort.signal);
    });
  }
}

interface RawConfig {
  readonly data?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
}
