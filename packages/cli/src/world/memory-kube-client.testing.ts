import { isDeepStrictEqual } from "node:util";
import {
  ApiError,
  type KubeClient,
  type KubeList,
  type KubeObject,
  type Resource,
  type WatchEvent,
} from "@portcullis/kube";

/** An API server's objects in memory, with addresses given out as a cluster gives them. */
export class MemoryKubeClient implements KubeClient {
  readonly #objects = new Map<string, KubeObject>();
  #revision = 0;
  #host = 1;

  async get(resource: Resource, name: string, namespace?: string): Promise<KubeObject> {
    const object = this.#objects.get(key(resource, name, namespace));
    if (object === undefined) throw this.#refusal(404, "NotFound", `${resource.plural} "${name}" not found`);
    return object;
  }

  async list(resource: Resource, options: { readonly namespace?: string } = {}): Promise<KubeList> {
    const items = [...this.#objects.values()].filter(
      ({ kind, metadata }) =>
        kind === resource.kind &&
        (options.namespace === undefined || metadata.namespace === options.namespace),
    );
    return { items, resourceVersion: String(this.#revision) };
  }

  async create(resource: Resource, object: KubeObject): Promise<KubeObject> {
    const at = key(resource, object.metadata.name, object.metadata.namespace);
    if (this.#objects.has(at))
      throw this.#refusal(409, "AlreadyExists", `${object.metadata.name} already exists`);
    return this.#store(at, { ...object, ...this.#assigned(object) });
  }

  async update(resource: Resource, object: KubeObject): Promise<KubeObject> {
    const at = key(resource, object.metadata.name, object.metadata.namespace);
    const old = this.#objects.get(at);
    // Without a change nothing is written, and the resourceVersion stays.
    return old !== undefined && isDeepStrictEqual(old, object) ? old : this.#store(at, object);
  }

  async delete(resource: Resource, name: string, namespace?: string): Promise<KubeObject> {
    const object = await this.get(resource, name, namespace);
    this.#objects.delete(key(resource, name, namespace));
    this.#revision++;
    return object;
  }

  // biome-ignore lint/correctness/useYield: nothing here watches
  async *watch(): AsyncIterable<WatchEvent> {
    throw new Error("this client does not watch");
  }

  /** Everything, as plain objects. */
  all(): readonly KubeObject[] {
    return [...this.#objects.values()];
  }

  #store(at: string, object: KubeObject): KubeObject {
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(++this.#revision) } };
    this.#objects.set(at, stored);
    return stored;
  }

  /** What the cluster fills in. */
  #assigned(object: KubeObject): Record<string, unknown> {
    if (object.kind === "Pod") {
      const ip = `10.244.0.${++this.#host}`;
      return { status: { phase: "Running", podIP: ip, podIPs: [{ ip }] } };
    }
    if (object.kind === "Service") {
      const clusterIP = `10.96.0.${++this.#host}`;
      return { spec: { ...(object.spec as object), clusterIP, clusterIPs: [clusterIP] } };
    }
    return {};
  }

  #refusal(code: number, reason: string, message: string): ApiError {
    return new ApiError({ kind: "Status", message, reason, code });
  }
}

function key({ plural, namespaced }: Resource, name: string, namespace: string | undefined): string {
  return `${plural} ${namespaced ? (namespace ?? "default") : ""}/${name}`;
}
