import { type Cluster, checkMode, type FieldError, objectFromApi, type Pod } from "@portcullis/engine";
import { type KubeClient, type KubeObject, type Reflection, reflect, resources } from "@portcullis/kube";
import type { AgentListener } from "./agent-event.ts";
import type { Conditions } from "./conditions.ts";
import { PolicyVersions } from "./in-force/policy-versions.ts";
import { ObserverHealth } from "./observer-health.ts";
import { UnreadablePolicies } from "./observer-unreadable.ts";
import { releasedAddresses } from "./released-addresses.ts";

/** The kinds that enforcement depends on. */
const watched = [resources.namespaces, resources.nodes, resources.pods, resources.networkpolicies] as const;

export interface ObserverOptions {
  readonly client: KubeClient;
  readonly cluster: Cluster;
  readonly emit: AgentListener;
  readonly conditions: Conditions;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The API has told something; the cluster's own revision says whether it matters. Not called before every watch is in sync. */
  readonly onChange: () => void;
}

/** Keeps a Cluster equal to what an API serves. An object that cannot be read is left out, and its former version with it. */
export class Observer {
  /** Which version of each policy the cluster holds, the unreadable ones included. */
  readonly policies = new PolicyVersions();
  readonly #options: ObserverOptions;
  readonly #abort = new AbortController();
  readonly #revisions = new Map<string, bigint>();
  readonly #health: ObserverHealth;
  readonly #unreadable: UnreadablePolicies;

  constructor(options: ObserverOptions) {
    const { emit, conditions, now } = options;
    this.#options = options;
    this.#health = new ObserverHealth(watched, emit, conditions, now);
    this.#unreadable = new UnreadablePolicies(conditions);
  }

  /** Starts to watch; resolves when every kind has been listed once. */
  async start(): Promise<void> {
    const { client } = this.#options;
    await Promise.all(
      watched.map(
        ({ plural }, index) =>
          new Promise<void>((resolve) => {
            const handler = (event: Reflection) => {
              this.#take(plural, event);
              if (event.type === "sync") resolve();
            };
            reflect(client, watched[index]!, handler, this.#abort.signal, {
              onProgress: (revision) => this.#progress(plural, revision),
              onError: (error, retryInMs) => this.#health.failed(plural, error, retryInMs),
            }).catch(reportBug);
          }),
      ),
    );
    this.#options.onChange();
  }

  stop(): void {
    this.#abort.abort();
  }

  /** Whether every kind has been listed. */
  get inSync(): boolean {
    return this.#health.inSync;
  }

  /** The newest resourceVersion seen, by kind. */
  revisions(): ReadonlyMap<string, bigint> {
    return new Map(this.#revisions);
  }

  #take(plural: string, event: Reflection): void {
    if (event.type === "sync") {
      for (const object of event.objects) this.#upsert(object);
      this.#health.synced(plural, event.objects.length);
    } else if (event.type === "upsert") this.#upsert(event.object);
    else this.#remove(event.object);
    this.#progress(plural, event.resourceVersion);
  }

  #progress(plural: string, revision: string): void {
    this.#revisions.set(plural, BigInt(revision));
    this.#health.recovered(plural);
    if (this.inSync) this.#options.onChange();
  }

  #upsert(value: KubeObject): void {
    const { object, errors } = objectFromApi(value);
    if (object === undefined) return this.#leaveOut(value, errors);
    if (object.kind === "NetworkPolicy") this.policies.set(value);
    this.#unreadable.delete(value);
    if (object.kind === "Pod") this.#release(object.namespace, object.name, object);
    this.#options.cluster.upsert(object);
    const mode = object.kind === "NetworkPolicy" ? checkMode(value.metadata) : undefined;
    if (mode !== undefined) {
      const { emit, now } = this.#options;
      const policy = `${value.metadata.namespace}/${value.metadata.name}`;
      emit({ type: "unknown-mode", policy, message: `${mode.path}: ${mode.message}`, atMs: now() });
    }
  }

  #leaveOut(object: KubeObject, errors: readonly FieldError[]): void {
    const { emit, now } = this.#options;
    this.#remove(object);
    this.#unreadable.add(object, errors);
    if (object.kind === "NetworkPolicy") this.policies.set(object, errors);
    emit({ type: "unreadable", object, errors, atMs: now() });
  }

  #remove(object: KubeObject): void {
    const { kind, metadata } = object;
    this.#unreadable.delete(object);
    if (kind === "NetworkPolicy") this.policies.delete(object);
    if (kind === "Pod") this.#release(metadata.namespace, metadata.name, undefined);
    const known = watched.find((resource) => resource.kind === kind);
    if (known !== undefined) this.#options.cluster.delete(known.kind, metadata.namespace, metadata.name);
  }

  /** Tells which addresses the pod loses when it becomes `next`. */
  #release(namespace: string | undefined, name: string, next: Pod | undefined): void {
    const { cluster, emit, now } = this.#options;
    const pod = cluster.get("Pod", namespace, name);
    const addresses = pod === undefined ? [] : releasedAddresses(pod, next);
    if (pod !== undefined && addresses.length > 0)
      emit({ type: "addresses-released", pod, addresses, atMs: now() });
  }
}

/** A reflector fails only with what its handler throws, which is a mistake of ours and must not pass in silence. */
function reportBug(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
