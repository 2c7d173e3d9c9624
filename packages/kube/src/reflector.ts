import { setTimeout as sleep } from "node:timers/promises";
import { BackOff } from "./back-off.ts";
import {
  isInitialEnd,
  type KubeClient,
  type KubeObject,
  type Resource,
  type WatchEvent,
  type WatchOptions,
} from "./client.ts";
import { ApiError, Unreachable } from "./errors.ts";
import { HandlerFailure } from "./handler-failure.ts";
import type { ObjectName } from "./known-states.ts";
import { listPieces } from "./list-pieces.ts";
import { Listing } from "./listing.ts";
import type { Reflection, ReflectionHandler, ReflectOptions, ReflectVerb, Slimming } from "./reflection.ts";
import { NoStreamedList, OtherCluster, Resumption } from "./resumption.ts";
import { Told } from "./told.ts";
import { WatchAttempt } from "./watch-attempt.ts";

/** A watch that lived so long, in milliseconds, was a good one, though it told nothing. */
const goodWatchMs = 60_000;
/** The longest wait that a server can ask for, in seconds. */
const longestRetryAfter = 60;

/** The work of `reflect`. */
export class Reflector<T> {
  readonly #client: KubeClient;
  readonly #resource: Resource;
  readonly #handler: ReflectionHandler<T>;
  readonly #signal: AbortSignal;
  readonly #options: ReflectOptions & Slimming<T>;
  readonly #backOff: BackOff;
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #told = new Told();
  readonly #resumption: Resumption;
  #isSynced = false;
  /** Of the cluster that was listed. */
  #identity: string | undefined;
  #isFailing = false;
  #verb: ReflectVerb = "list";

  constructor(
    client: KubeClient,
    resource: Resource,
    handler: ReflectionHandler<T>,
    signal: AbortSignal,
    options: ReflectOptions & Slimming<T>,
  ) {
    this.#client = client;
    this.#resource = resource;
    this.#handler = handler;
    this.#signal = signal;
    this.#options = options;
    this.#backOff = new BackOff(options);
    this.#now = options.now ?? (() => performance.now());
    this.#random = options.random ?? Math.random;
    this.#resumption = new Resumption(options.streamedList ?? true);
  }

  async run(): Promise<void> {
    const delay =
      this.#options.delay ?? ((milliseconds, signal) => sleep(milliseconds, undefined, { signal }));
    while (!this.#signal.aborted) {
      try {
        await this.#follow();
      } catch (error) {
        if (error instanceof HandlerFailure || this.#signal.aborted) throw error;
        if (error instanceof NoStreamedList) continue;
        const wait = this.#waitAfter(error);
        this.#isFailing = true;
        this.#options.onError?.(error, wait, this.#verb);
        await delay(wait, this.#signal);
      }
    }
  }

  /** Returns only by failing. */
  async #follow(): Promise<never> {
    for (;;) {
      const next = this.#resumption;
      // Nothing tells whether it is still the same cluster.
      if (next.isDoubtful && this.#options.identity === undefined) next.listAnew();
      if (next.mustList) {
        this.#verb = next.streams ? "watch" : "list";
        this.#identity = await this.#options.identity?.(this.#signal);
        if (!next.streams) await this.#list();
      }
      this.#verb = "watch";
      if (!(await this.#watch())) throw new Error("the server ended the watch early");
    }
  }

  /**
   * Whether the server that has just opened a watch is of the cluster that was listed, and has not lost what was told. To
   * be asked when the watch is open: asked before, the cluster could become another one in between.
   */
  async #isTheSame(signal: AbortSignal): Promise<boolean> {
    const identity = await this.#options.identity?.(signal);
    if (identity === undefined || identity !== this.#identity) return false;
    const { resourceVersion } = await this.#client.list(this.#resource, {
      ...this.#scope(),
      signal,
      limit: 1,
    });
    return !this.#told.isAhead(resourceVersion);
  }

  async #list(): Promise<void> {
    let listing = this.#beginList();
    const begin = () => {
      listing = this.#beginList();
      return (items: readonly KubeObject[]) => {
        for (const item of items) listing.put(item);
      };
    };
    const limit = this.#options.pageSize ?? 500;
    const version = await listPieces(this.#client, this.#resource, { ...this.#scope(), limit }, begin);
    await this.#complete(listing, version);
  }

  #beginList(): Listing<T> {
    return new Listing<T>(this.#told.states, this.#options.slim);
  }

  async #complete(listing: Listing<T>, resourceVersion: string): Promise<void> {
    if (resourceVersion === "") throw new Unreachable("a list without a resourceVersion cannot be followed");
    const vanished = [...listing.vanished()];
    const changed = listing.changed();
    // Only the last difference completes the list. A lower number is a server that began anew.
    const reached = this.#told.isAhead(resourceVersion) ? resourceVersion : this.#told.position;
    this.#told.restart(listing.states, resourceVersion);
    this.#resumption.listed();
    this.#recovered();
    if (!this.#isSynced) {
      this.#isSynced = true;
      return this.#tell({ type: "sync", objects: changed, resourceVersion });
    }
    const differences: Difference<T>[] = [
      ...vanished.map((name) => ({ type: "delete" as const, object: tombstone(name, this.#resource) })),
      ...changed.map((object) => ({ type: "upsert" as const, object })),
    ];
    if (differences.length === 0) this.#options.onProgress?.(resourceVersion);
    for (const [index, difference] of differences.entries()) {
      const isLast = index === differences.length - 1;
      await this.#tell({ ...difference, resourceVersion: isLast ? resourceVersion : reached });
    }
  }

  /** True when the watch lasted about as long as was asked for, so that the next can go on from where it ended. */
  async #watch(): Promise<boolean> {
    const timeoutSeconds = Math.ceil((this.#options.watchSeconds ?? 300) * (1 + this.#random()));
    const started = this.#now();
    const { position } = this.#told;
    const attempt = new WatchAttempt(this.#signal);
    const asked = { ...this.#scope(), bookmarks: true, timeoutSeconds, signal: attempt.signal };
    try {
      if (this.#resumption.mustList) await this.#streamList(asked, attempt);
      else await this.#resume(asked, attempt);
    } catch (error) {
      this.#resumption.broke(error, this.#told.position === position);
      throw error;
    } finally {
      attempt.end();
      if (this.#now() - started >= goodWatchMs) this.#backOff.reset();
    }
    const isWhole = this.#now() - started >= timeoutSeconds * 900;
    if (!isWhole) this.#resumption.broke(undefined, this.#told.position === position);
    return isWhole;
  }

  /** A watch that goes on from the position. */
  async #resume(asked: Omit<WatchOptions, "resourceVersion">, attempt: WatchAttempt): Promise<void> {
    let reassured: Promise<void> | undefined;
    const reassure = async () => {
      try {
        const isSame =
          this.#identity === undefined ? !this.#resumption.isDoubtful : await this.#isTheSame(attempt.signal);
        if (!isSame) throw new OtherCluster();
        this.#resumption.reassured();
        this.#recovered();
      } catch (error) {
        attempt.fail(error);
      }
    };
    const onOpen = () => {
      reassured = reassure();
    };
    const since = { ...asked, resourceVersion: this.#told.position, onOpen };
    for await (const event of this.#client.watch(this.#resource, since)) {
      await reassured;
      attempt.signal.throwIfAborted();
      await this.#onEvent(event);
    }
    await reassured;
    attempt.signal.throwIfAborted();
  }

  /** A watch that begins with everything that there is. */
  async #streamList(asked: Omit<WatchOptions, "resourceVersion">, attempt: WatchAttempt): Promise<void> {
    const listing = this.#beginList();
    const limit = this.#options.streamSilenceMs ?? 15_000;
    let isOpen = false;
    const onOpen = () => {
      isOpen = true;
    };
    const all = { ...asked, resourceVersion: "", initialEvents: true, onOpen };
    attempt.expect(limit);
    try {
      for await (const event of this.#client.watch(this.#resource, all)) {
        if (!this.#resumption.mustList) await this.#onEvent(event);
        else if (isInitialEnd(event)) {
          attempt.relax();
          await this.#complete(listing, event.object.metadata.resourceVersion ?? "");
        } else {
          attempt.expect(limit);
          listing.take(event);
        }
      }
      if (this.#resumption.mustList) throw new Unreachable("the server ended the list early");
    } catch (error) {
      if (!this.#resumption.mustList) throw error;
      if (isRefusal(error)) throw new NoStreamedList();
      if (isOpen || attempt.signal.aborted) this.#resumption.streamTorn();
      throw error;
    }
  }

  async #onEvent(event: WatchEvent): Promise<void> {
    this.#backOff.reset();
    const step = this.#told.take(event);
    const { object } = event;
    const resourceVersion = this.#told.position;
    if (step === "upsert")
      await this.#tell({ type: step, object: this.#options.slim(object), resourceVersion });
    else if (step === "delete") await this.#tell({ type: step, object, resourceVersion });
    else if (step === "progress") this.#options.onProgress?.(resourceVersion);
    else this.#resumption.doubt();
    if (step === "backwards")
      throw new Error(`the server's resourceVersions went back from ${resourceVersion}`);
  }

  #recovered(): void {
    if (!this.#isFailing) return;
    this.#isFailing = false;
    this.#options.onRecovered?.();
  }

  /** Milliseconds. */
  #waitAfter(error: unknown): number {
    const wait = this.#backOff.next();
    const asked = error instanceof ApiError ? Math.min(error.retryAfterSeconds ?? 0, longestRetryAfter) : 0;
    // Spread, too: all clients were told the same.
    return Math.max(wait, Math.round(asked * 1000 * (1 + this.#random())));
  }

  async #tell(event: Reflection<T>): Promise<void> {
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

type Difference<T> =
  | { readonly type: "upsert"; readonly object: T }
  | { readonly type: "delete"; readonly object: KubeObject };

/** The server understood what was asked for, and does not do it. */
function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && [400, 405, 406, 422].includes(error.code);
}

function tombstone(name: ObjectName, { group, version, kind }: Resource): KubeObject {
  return { apiVersion: group === "" ? version : `${group}/${version}`, kind, metadata: { ...name } };
}
