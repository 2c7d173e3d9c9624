import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { BackOff, type BackOffOptions } from "./back-off.ts";
import type { KubeClient, KubeObject, Resource, WatchEvent } from "./client.ts";

/**
 * What a reflector tells. `sync` comes once, first, with all objects; from then on every difference is told once, those
 * that came about while the server was away included. A deletion that was not seen as it happened has an object with
 * apiVersion, kind, name and namespace only. `resourceVersion` is how far the telling has come: everything that the server
 * did up to it has been told with this event.
 */
export type Reflection =
  | { readonly type: "sync"; readonly objects: readonly KubeObject[]; readonly resourceVersion: string }
  | { readonly type: "upsert"; readonly object: KubeObject; readonly resourceVersion: string }
  | { readonly type: "delete"; readonly object: KubeObject; readonly resourceVersion: string };

export interface ReflectOptions extends BackOffOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** How long the server is asked to keep a watch, in seconds; up to as much again is added at random (default 300). */
  readonly watchSeconds?: number;
  /** Waits, and rejects when the signal aborts (default: a timer). */
  readonly delay?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Milliseconds of a clock that does not jump (default performance.now). */
  readonly now?: () => number;
  /** Everything up to this resourceVersion has been told, though there was nothing to tell. */
  readonly onProgress?: (resourceVersion: string) => void;
  /** Told of every failure that is overcome by trying again. */
  readonly onError?: (error: unknown, retryInMs: number) => void;
}

export type ReflectionHandler = (event: Reflection) => void | Promise<void>;

/**
 * Lists, then watches, for ever: after a failure or 410 it lists anew, with growing waits. Resolves when `signal` aborts;
 * rejects only with what the handler throws. Events come one at a time. Keeps no objects, only their names, uids and
 * resourceVersions.
 */
export async function reflect(
  client: KubeClient,
  resource: Resource,
  handler: ReflectionHandler,
  signal: AbortSignal,
  options: ReflectOptions = {},
): Promise<void> {
  // One signal ends all reflectors of a program; that many listeners are no leak.
  setMaxListeners(0, signal);
  const reflector = new Reflector(client, resource, handler, signal, options);
  try {
    await reflector.run();
  } catch (error) {
    if (error instanceof HandlerFailure) throw error.cause;
    if (!signal.aborted) throw error;
  }
}

/** Tells a failure of the handler, which is the caller's, from one of the server, which is ours to overcome. */
class HandlerFailure extends Error {}

class Reflector {
  readonly #client: KubeClient;
  readonly #resource: Resource;
  readonly #handler: ReflectionHandler;
  readonly #signal: AbortSignal;
  readonly #options: ReflectOptions;
  readonly #backOff: BackOff;
  readonly #now: () => number;
  /** `namespace/name` → the state that was told; undefined before the first list. */
  #known: Map<string, string> | undefined;
  #position = "";

  constructor(
    client: KubeClient,
    resource: Resource,
    handler: ReflectionHandler,
    signal: AbortSignal,
    options: ReflectOptions,
  ) {
    this.#client = client;
    this.#resource = resource;
    this.#handler = handler;
    this.#signal = signal;
    this.#options = options;
    this.#backOff = new BackOff(options);
    this.#now = options.now ?? (() => performance.now());
  }

  async run(): Promise<void> {
    const delay =
      this.#options.delay ?? ((milliseconds, signal) => sleep(milliseconds, undefined, { signal }));
    while (!this.#signal.aborted) {
      try {
        await this.#list();
        while (await this.#watch());
        throw new Error("the server ended the watch early");
      } catch (error) {
        if (error instanceof HandlerFailure || this.#signal.aborted) throw error;
        const wait = this.#backOff.next();
        this.#options.onError?.(error, wait);
        await delay(wait, this.#signal);
      }
    }
  }

  async #list(): Promise<void> {
    const { items, resourceVersion } = await this.#client.list(this.#resource, this.#scope());
    const former = this.#position;
    const known = this.#known;
    this.#position = resourceVersion;
    this.#known = new Map(items.map((object) => [keyOf(object), stateOf(object)]));
    if (known === undefined) return this.#tell({ type: "sync", objects: items, resourceVersion });
    const differences = differ(known, this.#known, items, this.#resource);
    if (differences.length === 0) this.#options.onProgress?.(resourceVersion);
    // Only the last difference completes the list. A lower number is a server that began anew.
    const reached = isNewer(resourceVersion, former) ? former : resourceVersion;
    for (const [index, difference] of differences.entries()) {
      const last = index === differences.length - 1;
      await this.#tell({ ...difference, resourceVersion: last ? resourceVersion : reached });
    }
  }

  /** True when the watch lasted about as long as was asked for, so that the next can go on from where it ended. */
  async #watch(): Promise<boolean> {
    const { watchSeconds = 300, random = Math.random } = this.#options;
    const timeoutSeconds = Math.ceil(watchSeconds * (1 + random()));
    const started = this.#now();
    const watching = { ...this.#scope(), resourceVersion: this.#position, bookmarks: true, timeoutSeconds };
    for await (const event of this.#client.watch(this.#resource, watching)) {
      await this.#onEvent(event);
      this.#backOff.reset();
    }
    return this.#now() - started >= timeoutSeconds * 900;
  }

  async #onEvent({ type, object }: WatchEvent): Promise<void> {
    const resourceVersion = versionOf(object);
    // A watch only goes forward: what is not newer is a repetition.
    if (!isNewer(resourceVersion, this.#position)) return;
    this.#position = resourceVersion;
    if (type === "BOOKMARK") return this.#options.onProgress?.(resourceVersion);
    const known = this.#known!;
    const key = keyOf(object);
    if (type !== "DELETED") {
      known.set(key, stateOf(object));
      await this.#tell({ type: "upsert", object, resourceVersion });
    } else if (known.delete(key)) {
      await this.#tell({ type: "delete", object, resourceVersion });
    } else {
      this.#options.onProgress?.(resourceVersion);
    }
  }

  async #tell(event: Reflection): Promise<void> {
    try {
      await this.#handler(event);
    } catch (cause) {
      throw new HandlerFailure("the handler failed", { cause });
    }
  }

  #scope() {
    const { namespace, labelSelector, fieldSelector } = this.#options;
    return {
      signal: this.#signal,
      ...(namespace === undefined ? {} : { namespace }),
      ...(labelSelector === undefined ? {} : { labelSelector }),
      ...(fieldSelector === undefined ? {} : { fieldSelector }),
    };
  }
}

/** What a list says that had not been told: what vanished, then what is new or other. */
function differ(
  known: ReadonlyMap<string, string>,
  listed: ReadonlyMap<string, string>,
  items: readonly KubeObject[],
  resource: Resource,
): { readonly type: "upsert" | "delete"; readonly object: KubeObject }[] {
  const vanished = [...known.keys()].filter((key) => !listed.has(key));
  const changed = items.filter((object) => known.get(keyOf(object)) !== stateOf(object));
  return [
    ...vanished.map((key) => ({ type: "delete" as const, object: tombstone(key, resource) })),
    ...changed.map((object) => ({ type: "upsert" as const, object })),
  ];
}

function tombstone(key: string, { group, version, kind }: Resource): KubeObject {
  const [namespace, name] = key.split("/") as [string, string];
  return {
    apiVersion: group === "" ? version : `${group}/${version}`,
    kind,
    metadata: namespace === "" ? { name } : { name, namespace },
  };
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}

/** Tells states of an object apart, also when a server that began anew counts the same numbers again. */
function stateOf(object: KubeObject): string {
  return `${versionOf(object)} ${object.metadata.uid ?? ""}`;
}

function versionOf({ metadata }: KubeObject): string {
  return metadata.resourceVersion ?? "";
}

/** By number, as resourceVersions compare; where they are no numbers, what differs is taken for newer. */
function isNewer(version: string, than: string): boolean {
  if (/^\d+$/.test(version) && /^\d+$/.test(than)) return BigInt(version) > BigInt(than);
  return version !== than;
}
