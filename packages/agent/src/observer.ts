import { type Cluster, type FieldError, objectFromApi } from "@portcullis/engine";
import { type KubeClient, type KubeObject, type Reflection, reflect, resources } from "@portcullis/kube";

/** The kinds that enforcement depends on. */
const watched = [resources.namespaces, resources.nodes, resources.pods, resources.networkpolicies] as const;

export interface ObserverOptions {
  readonly client: KubeClient;
  readonly cluster: Cluster;
  /** Something that a program depends on has changed. Not called before every watch is in sync. */
  readonly onChange: () => void;
  /** An object that we cannot read; it is left out, and its former version with it. */
  readonly onUnreadable: (object: KubeObject, errors: readonly FieldError[]) => void;
}

/** Keeps a Cluster equal to what an API serves. */
export class Observer {
  readonly #options: ObserverOptions;
  readonly #abort = new AbortController();
  readonly #revisions = new Map<string, bigint>();

  constructor(options: ObserverOptions) {
    this.#options = options;
  }

  /** Starts to watch; resolves when every kind has been listed once. */
  async start(): Promise<void> {
    const { client } = this.#options;
    await Promise.all(
      watched.map(
        (resource) =>
          new Promise<void>((resolve) => {
            const handler = (event: Reflection) => {
              this.#take(resource.plural, event);
              if (event.type === "sync") resolve();
            };
            const onProgress = (revision: string) => this.#progress(resource.plural, revision);
            reflect(client, resource, handler, this.#abort.signal, { onProgress }).catch(reportBug);
          }),
      ),
    );
    this.#options.onChange();
  }

  stop(): void {
    this.#abort.abort();
  }

  get #inSync(): boolean {
    return this.#revisions.size === watched.length;
  }

  /** The newest resourceVersion seen, by kind. */
  revisions(): ReadonlyMap<string, bigint> {
    return new Map(this.#revisions);
  }

  #take(plural: string, event: Reflection): void {
    if (event.type === "sync") for (const object of event.objects) this.#upsert(object);
    else if (event.type === "upsert") this.#upsert(event.object);
    else this.#remove(event.object);
    this.#progress(plural, event.resourceVersion);
  }

  #progress(plural: string, revision: string): void {
    this.#revisions.set(plural, BigInt(revision));
    if (this.#inSync) this.#options.onChange();
  }

  #upsert(value: KubeObject): void {
    const { object, errors } = objectFromApi(value);
    if (object === undefined) {
      this.#options.onUnreadable(value, errors);
      this.#remove(value);
    } else {
      this.#options.cluster.upsert(object);
    }
  }

  #remove({ kind, metadata }: KubeObject): void {
    const known = watched.find((resource) => resource.kind === kind);
    if (known !== undefined) this.#options.cluster.delete(known.kind, metadata.namespace, metadata.name);
  }
}

/** A reflector fails only with what its handler throws, which is a mistake of ours and must not pass in silence. */
function reportBug(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
