import { setTimeout as sleep } from "node:timers/promises";
import { BackOff, type BackOffOptions } from "./back-off.ts";
import type { KubeClient, KubeObject, Resource, WatchEvent } from "./client.ts";

/**
 * What a reflector tells. `sync` comes once, first, with all objects. From then on every difference is told once, those
 * that happened while the server was away included; `progress` says that everything up to its resourceVersion has been
 * told. A deletion that was not seen as it happened has an object with apiVersion, kind, name and namespace only, and the
 * resourceVersion of the list that it was missing from.
 */
export type ReflectorEvent =
  | { readonly type: "sync"; readonly objects: readonly KubeObject[]; readonly resourceVersion: string }
  | { readonly type: "upsert"; readonly object: KubeObject; readonly resourceVersion: string }
  | { readonly type: "delete"; readonly object: KubeObject; readonly resourceVersion: string }
  | { readonly type: "progress"; readonly resourceVersion: string };

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
  /** Told of every failure that is overcome by trying again. */
  readonly onError?: (error: unknown, retryInMs: number) => void;
}

export type ReflectorHandler = (event: ReflectorEvent) => void | Promise<void>;

/**
 * Lists, then watches, for ever: after a failure or 410 it lists anew, with growing waits. Resolves when `signal` aborts;
 * rejects only with what the handler throws. Events come one at a time. Keeps no objects, only their resourceVersions.
 */
export async function reflect(
  client: KubeClient,
  resource: Resource,
  handler: ReflectorHandler,
  signal: AbortSignal,
  options: ReflectOptions = {},
): Promise<void> {
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
  readonly #handler: ReflectorHandler;
  readonly #signal: AbortSignal;
  readonly #options: ReflectOptions;
  readonly #backOff: BackOff;
  readonly #now: () => number;
  /** `namespace/name` → resourceVersion of what was told; undefined before the first list. */
  #known: Map<string, string> | undefined;
  #position = "";

  constructor(
    client: KubeClient,
    resource: Resource,
    handler: ReflectorHandler,
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
    this.#position = resourceVersion;
    const listed = new Map(items.map((object) => [keyOf(object), versionOf(object)]));
    const known = this.#known;
    this.#known = listed;
    if (known === undefined) return this.#tell({ type: "sync", objects: items, resourceVersion });
    for (const key of known.keys()) {
      if (!listed.has(key))
        await this.#tell({ type: "delete", object: this.#tombstone(key), resourceVersion });
    }
    for (const object of items) {
      if (known.get(keyOf(object)) === versionOf(object)) continue;
      await this.#tell({ type: "upsert", object, resourceVersion: versionOf(object) });
    }
    await this.#tell({ type: "progress", resourceVersion });
  }

  /** True when the watch lasted as long as was asked for, so that the next can go on from where it ended. */
  async #watch(): Promise<boolean> {
    const { watchSeconds = 300, random = Math.random } = this.#options;
    const timeoutSeconds = Math.ceil(watchSeconds * (1 + random()));
    const started = this.#now();
    const watching = { ...this.#scope(), resourceVersion: this.#position, bookmarks: true, timeoutSeconds };
    for await (const event of this.#client.watch(this.#resource, watching)) {
      await this.#onEvent(event);
      this.#backOff.reset();
    }
    return this.#now() - started >= (timeoutSeconds - 1) * 1000;
  }

  async #onEvent({ type, object }: WatchEvent): Promise<void> {
    const resourceVersion = versionOf(object);
    // A watch only goes forward: what is not newer is a repetition.
    if (!isNewer(resourceVersion, this.#position)) return;
    this.#position = resourceVersion;
    if (type === "BOOKMARK") return this.#tell({ type: "progress", resourceVersion });
    const known = this.#known!;
    const key = keyOf(object);
    if (type !== "DELETED") {
      known.set(key, resourceVersion);
      await this.#tell({ type: "upsert", object, resourceVersion });
    } else if (known.delete(key)) {
      await this.#tell({ type: "delete", object, resourceVersion });
    }
  }

  async #tell(event: ReflectorEvent): Promise<void> {
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

  #tombstone(key: string): KubeObject {
    const { group, version, kind } = this.#resource;
    const [namespace, name] = key.split("/") as [string, string];
    return {
      apiVersion: group === "" ? version : `${group}/${version}`,
      kind,
      metadata: namespace === "" ? { name } : { name, namespace },
    };
  }
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}

function versionOf({ metadata }: KubeObject): string {
  return metadata.resourceVersion ?? "";
}

/** By number, as resourceVersions compare; where they are no numbers, what differs is taken for newer. */
function isNewer(version: string, than: string): boolean {
  if (/^\d+$/.test(version) && /^\d+$/.test(than)) return BigInt(version) > BigInt(than);
  return version !== than;
}
