import type { Connections, Drop, RuleCounter } from "@portcullis/dataplane";
import { Dataplane } from "@portcullis/dataplane";
import { Cluster, type Pod, parseCidr } from "@portcullis/engine";
import type { KubeClient } from "@portcullis/kube";
import type { Nft } from "@portcullis/nft";
import { Coalescer } from "./coalesce.ts";
import { Observer } from "./observer.ts";

export interface AgentOptions {
  readonly client: KubeClient;
  readonly nft: Nft;
  readonly connections: Connections;
  /** Pods of this node are the ones to enforce for. */
  readonly nodeName: string;
  /** Prefixes of local pods, `10.244.0.0/16`: an address of theirs that is not programmed yet is closed. */
  readonly podCidrs: readonly string[];
  readonly log?: (line: string) => void;
}

/**
 * Watches a Kubernetes API and keeps this node's kernel at what its policies mean. The same in the sandbox and on a
 * node of a real cluster. Nothing is written before every watch is in sync.
 */
export class Agent {
  readonly cluster = new Cluster();
  readonly #dataplane: Dataplane;
  readonly #observer: Observer;
  readonly #worker: Coalescer;
  readonly #nodeName: string;
  readonly #log: (line: string) => void;
  readonly #listeners = new Set<() => void>();
  #enforced: ReadonlyMap<string, bigint> = new Map();
  #programmed: ReadonlyMap<string, string> = new Map();

  constructor(options: AgentOptions) {
    this.#nodeName = options.nodeName;
    this.#log = options.log ?? (() => {});
    this.#dataplane = new Dataplane({
      nft: options.nft,
      connections: options.connections,
      podCidrs: options.podCidrs.map(cidr),
    });
    this.#worker = new Coalescer(
      () => this.#program(),
      (error) =>
        this.#log(`not in force, will try again: ${error instanceof Error ? error.message : String(error)}`),
    );
    this.#observer = new Observer({
      client: options.client,
      cluster: this.cluster,
      onChange: () => this.#worker.request(),
      onUnreadable: ({ kind, metadata }, errors) =>
        this.#log(
          `cannot read ${kind} ${metadata.namespace ?? ""}/${metadata.name}: ${errors.map((e) => `${e.path}: ${e.message}`).join("; ")}`,
        ),
    });
  }

  /** Resolves when the first program is in force. */
  async start(): Promise<void> {
    const first = new Promise<void>((resolve) => {
      const unsubscribe = this.onChange(() => {
        unsubscribe();
        resolve();
      });
    });
    await this.#observer.start();
    await first;
  }

  /** Stops watching and writing; what is in force stays in force. */
  async stop(): Promise<void> {
    this.#observer.stop();
    await this.#worker.stop();
  }

  /** Calls `listener` after each program that came into force; returns what takes it off again. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Newest resourceVersion of a kind (`networkpolicies`) whose effect is in force; 0 before the first program. */
  enforcedRevision(plural: string): bigint {
    return this.#enforced.get(plural) ?? 0n;
  }

  /** Whether the pod `namespace/name` is in force at these addresses. */
  isProgrammed(key: string, addresses: readonly string[]): boolean {
    return this.#programmed.get(key) === [...addresses].sort().join();
  }

  drops(): Promise<readonly Drop[]> {
    return this.#dataplane.drops();
  }

  counters(): Promise<readonly RuleCounter[]> {
    return this.#dataplane.counters();
  }

  async #program(): Promise<void> {
    const revisions = this.#observer.revisions();
    const program = this.cluster.program((pod: Pod) => pod.nodeName === this.#nodeName);
    const { cut } = await this.#dataplane.apply(program);
    for (const { protocol, source, destination, port } of cut) {
      this.#log(`cut ${protocol} ${source.text} → ${destination.text} port ${port}`);
    }
    this.#enforced = revisions;
    this.#programmed = new Map(
      program.pods.map((pod) => [
        pod.key,
        pod.addresses
          .map((address) => address.text)
          .sort()
          .join(),
      ]),
    );
    for (const listener of [...this.#listeners]) listener();
  }
}

function cidr(text: string) {
  const parsed = parseCidr(text);
  if (parsed === undefined) throw new Error(`not a prefix: ${text}`);
  return parsed;
}
