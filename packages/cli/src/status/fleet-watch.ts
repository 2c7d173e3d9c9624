import { type PublishedRecord, readLease, recordSelector } from "@portcullis/agent";
import { ApiError, type KubeClient, type KubeObject, reflect, resources } from "@portcullis/kube";

/** Follows what the nodes publish. */
export class FleetWatch {
  readonly #byLease = new Map<string, PublishedRecord>();
  readonly #abort = new AbortController();
  #changed = false;
  #wake = () => {};
  readonly #synced: Promise<void>;
  /** Why the API cannot be followed now; undefined while it can. */
  trouble: unknown;

  /** `onEnd` is told when it cannot go on: the API does not permit it, or there is a mistake of ours. */
  constructor(client: KubeClient, agentNamespace: string | undefined, onEnd: (error: unknown) => void) {
    let synced = () => {};
    this.#synced = new Promise((resolve) => {
      synced = resolve;
    });
    reflect(
      client,
      resources.leases,
      (event) => {
        this.trouble = undefined;
        if (event.type === "sync") {
          for (const object of event.objects) this.#put(object);
          synced();
        } else if (event.type === "upsert") this.#put(event.object);
        else this.#byLease.delete(keyOf(event.object));
        this.#tell();
      },
      this.#abort.signal,
      {
        labelSelector: recordSelector,
        ...(agentNamespace === undefined ? {} : { namespace: agentNamespace }),
        onProgress: () => {
          this.trouble = undefined;
        },
        onError: (error) => {
          this.trouble = error;
          if (error instanceof ApiError && (error.code === 401 || error.code === 403)) onEnd(error);
        },
      },
    ).catch(onEnd);
  }

  /** By node; of a node with several, the one that was written last. */
  records(): ReadonlyMap<string, PublishedRecord> {
    const records = new Map<string, PublishedRecord>();
    for (const record of this.#byLease.values()) {
      const known = records.get(record.nodeName);
      if (known === undefined || known.renewedMs < record.renewedMs) records.set(record.nodeName, record);
    }
    return records;
  }

  /** Resolves when what all nodes publish has been read. */
  get synced(): Promise<void> {
    return this.#synced;
  }

  /** Resolves when something has changed since the last call, or after so many milliseconds. */
  async change(withinMs: number): Promise<void> {
    if (!this.#changed) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, withinMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#changed = false;
  }

  stop(): void {
    this.#abort.abort();
    this.#wake();
  }

  #put(object: KubeObject): void {
    const record = readLease(object);
    if (record === undefined) this.#byLease.delete(keyOf(object));
    else this.#byLease.set(keyOf(object), record);
  }

  #tell(): void {
    this.#changed = true;
    this.#wake();
  }
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}
