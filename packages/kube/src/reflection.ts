import type { BackOffOptions } from "./back-off.ts";
import type { KubeObject } from "./client.ts";

/**
 * What a reflector tells. `sync` comes once, first, with all objects; from then on every difference is told once, those
 * that came about while the server was away included. A deletion that was not seen as it happened has an object with
 * apiVersion, kind, name and namespace only. `resourceVersion` is how far the telling has come: everything that the server
 * did up to it has been told with this event.
 */
export type Reflection<T = KubeObject> =
  | { readonly type: "sync"; readonly objects: readonly T[]; readonly resourceVersion: string }
  | { readonly type: "upsert"; readonly object: T; readonly resourceVersion: string }
  | { readonly type: "delete"; readonly object: KubeObject; readonly resourceVersion: string };

export type ReflectionHandler<T = KubeObject> = (event: Reflection<T>) => void | Promise<void>;

/** What the server was asked for, as RBAC has it. */
export type ReflectVerb = "list" | "watch";

export interface ReflectOptions extends BackOffOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Items of one piece of a list (default 500). */
  readonly pageSize?: number;
  /** Have the list streamed where the server does that, object by object, instead of in pieces (default true). */
  readonly streamedList?: boolean;
  /**
   * Tells one cluster from another (`clusterIdentity`). With it, what was told goes on after a break without a list, when
   * the cluster is the same; without it, or when it gives undefined, everything is listed again.
   */
  readonly identity?: (signal: AbortSignal) => Promise<string | undefined>;
  /** How long the server is asked to keep a watch, in seconds; up to as much again is added at random (default 300). */
  readonly watchSeconds?: number;
  /** How long a server may take until a streamed list begins or goes on, in milliseconds (default 15,000). */
  readonly streamSilenceMs?: number;
  /** Waits, and rejects when the signal aborts (default: a timer). */
  readonly delay?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Milliseconds of a clock that does not jump (default performance.now). */
  readonly now?: () => number;
  /** Everything up to this resourceVersion has been told, though there was nothing to tell. */
  readonly onProgress?: (resourceVersion: string) => void;
  /** Told of every failure that is overcome by trying again. */
  readonly onError?: (error: unknown, retryInMs: number, verb: ReflectVerb) => void;
  /** The server answers as it should, for the first time since the last failure. */
  readonly onRecovered?: () => void;
}

export interface Slimming<T> {
  /** What is told of an object, made as soon as it is read: the object itself is let go of. Only for what is new or other. */
  readonly slim: (object: KubeObject) => T;
}
