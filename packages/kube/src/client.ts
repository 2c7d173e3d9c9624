/**
 * The part of a Kubernetes API that the agent, the sandbox and the command line need. Errors from the server are
 * `ApiError` with its Status; a server that cannot be reached is `Unreachable`.
 */
export interface KubeClient {
  get(resource: Resource, name: string, namespace?: string): Promise<KubeObject>;
  list(resource: Resource, options?: ListOptions): Promise<KubeList>;
  /** With `under`, creates what an object gives through a subresource: a service account's token. */
  create(resource: Resource, object: KubeObject, under?: Subresource): Promise<KubeObject>;
  /** Replaces; fails with Conflict when `metadata.resourceVersion` is given and stale. */
  update(resource: Resource, object: KubeObject, subresource?: "status" | "finalize"): Promise<KubeObject>;
  /**
   * Returns the object as it was when it went away, with the resourceVersion of the deletion; or, with a
   * `deletionTimestamp`, as it is for as long as a grace period or finalizers keep it.
   */
  delete(resource: Resource, name: string, namespace?: string, options?: DeleteOptions): Promise<KubeObject>;
  /** Events after `resourceVersion`; ends when the server closes or `signal` aborts. Throws ApiError 410 when too old. */
  watch(resource: Resource, options: WatchOptions): AsyncIterable<WatchEvent>;
}

/** meta/v1 DeleteOptions. */
export interface DeleteOptions {
  /** 0 removes the object at once; the kind's own when absent. */
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: "Orphan" | "Background" | "Foreground";
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

/** Where a subresource is that takes objects. */
export interface Subresource {
  readonly name: string;
  readonly subresource: "token";
}

/** A kind as the API serves it. `group` is "" for the core group. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

export interface KubeList {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
  /** Of a list that was cut at `limit`: where it goes on. */
  readonly continue?: string;
}

export interface ListOptions {
  /** All namespaces when absent. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** At most so many items; see `listAll` for all of them, piece by piece. */
  readonly limit?: number;
  /** What the piece before gave as its `continue`. */
  readonly continue?: string;
  readonly signal?: AbortSignal;
}

export interface WatchOptions extends ListOptions {
  /** "" with `initialEvents`: the newest state. */
  readonly resourceVersion: string;
  /**
   * Ask for all objects as ADDED events first, then a BOOKMARK that `isInitialEnd` (a streaming list, KEP-3157). Servers that
   * do not have it answer 400 or 422.
   */
  readonly initialEvents?: boolean;
  /** Called when the server has accepted the watch. */
  readonly onOpen?: () => void;
  /** Ask for BOOKMARK events, which tell how far the watch has come when nothing else does. */
  readonly bookmarks?: boolean;
  /** Ask the server to end the watch after this many seconds; the client gives up on it half a minute later. */
  readonly timeoutSeconds?: number;
}

export interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK";
  /** Of a BOOKMARK only `metadata.resourceVersion` means anything. */
  readonly object: KubeObject;
}

/** Whether the event is the bookmark that says that all initial events have come. */
export function isInitialEnd({ type, object }: WatchEvent): boolean {
  return type === "BOOKMARK" && object.metadata.annotations?.["k8s.io/initial-events-end"] === "true";
}
