import { setTimeout as wait } from "node:timers/promises";
import { Cluster, objectFromApi } from "@portcullis/engine";
import { ApiError, type KubeClient, type KubeObject, type Reflection, reflect } from "@portcullis/kube";
import { analysedResources } from "../../rbac/rules.ts";

export interface WatchedClusterEvents {
  /** Something that the page shows has changed. */
  onChange(): void;
  /** The API does not answer, or answers again (undefined). */
  onTrouble(trouble: Trouble | undefined): void;
}

export interface Trouble {
  readonly type: "stale" | "not-permitted";
  readonly reason: string;
}

/** How long who asks waits for the first lists, in milliseconds; without a right some never come. */
const patienceMs = 5_000;

/** A cluster as its API tells it, kept current: what verdicts are predicted from. */
export class WatchedCluster {
  readonly cluster = new Cluster();
  readonly #events: WatchedClusterEvents;
  readonly #abort = new AbortController();
  readonly #listed: Promise<unknown>;

  constructor(client: KubeClient, events: WatchedClusterEvents) {
    this.#events = events;
    this.#listed = Promise.all(analysedResources.map((resource) => this.#follow(client, resource)));
  }

  /** The cluster when it has been listed once, or as far as that is known after some seconds. */
  async whenListed(): Promise<Cluster> {
    const enough = new AbortController();
    const patience = wait(patienceMs, undefined, { signal: enough.signal }).catch(() => undefined);
    await Promise.race([this.#listed, patience]);
    enough.abort();
    return this.cluster;
  }

  stop(): void {
    this.#abort.abort();
  }

  /** Resolves when the objects that are there have been taken in. */
  #follow(client: KubeClient, resource: (typeof analysedResources)[number]): Promise<void> {
    const head = headOf(resource);
    return new Promise((resolve) => {
      const take = (event: Reflection) => {
        this.#take(head, event);
        if (event.type === "sync") resolve();
      };
      void reflect(client, resource, take, this.#abort.signal, {
        onProgress: () => this.#events.onTrouble(undefined),
        onError: (error) => this.#events.onTrouble(troubleOf(error)),
      });
    });
  }

  #take(head: Head, event: Reflection): void {
    const before = this.cluster.revision;
    const objects = event.type === "sync" ? event.objects : [event.object];
    for (const object of objects) {
      const read = event.type === "delete" ? undefined : objectFromApi({ ...object, ...head }).object;
      if (read !== undefined) this.cluster.upsert(read);
      else this.#delete(head, object);
    }
    this.#events.onTrouble(undefined);
    if (this.cluster.revision !== before) this.#events.onChange();
  }

  #delete({ kind }: Head, { metadata: { namespace, name } }: KubeObject): void {
    this.cluster.delete(kind as Parameters<Cluster["delete"]>[0], namespace, name);
  }
}

type Head = Pick<KubeObject, "apiVersion" | "kind">;

/** Items of a list need not repeat their type. */
function headOf({ group, version, kind }: (typeof analysedResources)[number]): Head {
  return { apiVersion: group === "" ? version : `${group}/${version}`, kind };
}

function troubleOf(error: unknown): Trouble {
  const reason = error instanceof Error ? error.message : String(error);
  const refused = error instanceof ApiError && (error.code === 401 || error.code === 403);
  return { type: refused ? "not-permitted" : "stale", reason };
}
