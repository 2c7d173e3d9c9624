import type { Cluster, NetworkPolicy, Pod } from "@portcullis/engine";
import {
  clusterIdentity,
  type KubeClient,
  type KubeObject,
  type Reflection,
  reflect,
  resources,
} from "@portcullis/kube";
import type { AgentListener } from "./agent-event.ts";
import type { Conditions } from "./conditions.ts";
import { PolicyVersions } from "./in-force/policy-versions.ts";
import { ObserverHealth } from "./observer-health.ts";
import { type ReadObject, type ReadPolicy, type RefusedObject, readObject } from "./observer-read.ts";
import { SharedParts } from "./observer-share.ts";
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
  readonly #parts = new SharedParts();

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
            const handler = (event: Reflection<ReadObject>) => {
              this.#take(plural, event);
              if (event.type === "sync") resolve();
            };
            reflect(client, watched[index]!, handler, this.#abort.signal, {
              slim: (object) => readObject(object, this.#parts),
              identity: (signal) => clusterIdentity(client, signal),
              onProgress: (revision) => this.#progress(plural, revision),
              onError: (error, retryInMs, verb) => this.#health.failed(plural, error, retryInMs, verb),
              onRecovered: () => this.#health.recovered(plural),
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

  #take(plural: string, event: Reflection<ReadObject>): void {
    if (event.type === "sync") {
      for (const object of event.objects) this.#upsert(object);
      this.#health.synced(plural, event.objects.length);
    } else if (event.type === "upsert") this.#upsert(event.object);
    else this.#remove(event.object);
    this.#progress(plural, event.resourceVersion);
  }

  #progress(plural: string, revision: string): void {
    this.#revisions.set(plural, BigInt(revision));
    if (this.inSync) this.#options.onChange();
  }

  #upsert(read: ReadObject): void {
    if (!("object" in read)) this.#leaveOut(read);
    else if (read.object.kind === "NetworkPolicy") this.#putPolicy(read as ReadPolicy);
    else {
      const { object } = read;
      if (object.kind === "Pod") this.#release(object.namespace, object.name, object);
      this.#options.cluster.upsert(object);
    }
  }

  #putPolicy({ object, head, unknownMode }: ReadPolicy): void {
    const { cluster, emit, now } = this.#options;
    const policy = nameOf(object);
    this.policies.set(head);
    this.#unreadable.delete(policy);
    cluster.upsert(object);
    if (unknownMode !== undefined) emit({ type: "unknown-mode", policy, message: unknownMode, atMs: now() });
  }

  #leaveOut({ head, errors }: RefusedObject): void {
    const { emit, now } = this.#options;
    this.#remove(head);
    if (head.kind === "NetworkPolicy") {
      this.#unreadable.add(nameOf(head.metadata), errors);
      this.policies.set(head, errors);
    }
    emit({ type: "unreadable", object: head, errors, atMs: now() });
  }

  #remove(object: KubeObject): void {
    const { kind, metadata } = object;
    if (kind === "NetworkPolicy") {
      this.#unreadable.delete(nameOf(metadata));
      this.policies.delete(object);
    }
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

function nameOf({
  namespace = "",
  name,
}: Pick<NetworkPolicy, "namespace" | "name"> | KubeObject["metadata"]) {
  return `${namespace}/${name}`;
}

/** A reflector fails only with what its handler throws, which is a mistake of ours and must not pass in silence. */
function reportBug(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
