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
  /** How often the kernel's table is compared with what was written, in milliseconds; 0 is never (default 30,000). */
  readonly driftCheckMs?: number;
}

/** How many differences of a table that somebody changed are told one by one. */
const differencesTold = 20;

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
  readonly #driftCheckMs: number;
  readonly #listeners = new Set<() => void>();
  readonly #driftListeners = new Set<(differences: readonly string[]) => void>();
  #driftTimer: NodeJS.Timeout | undefined;
  #checkDue = false;
  #enforced: ReadonlyMap<string, bigint> = new Map();
  #programmed: ReadonlyMap<string, string> = new Map();

  constructor(options: AgentOptions) {
    this.#nodeName = options.nodeName;
    this.#log = options.log ?? (() => {});
    this.#driftCheckMs = options.driftCheckMs ?? 30_000;
    this.#dataplane = new Dataplane({
      nft: options.nft,
      connections: options.connections,
      podCidrs: options.podCidrs.map(cidr),
    });
    this.#worker = new Coalescer(
      () => this.#program(),
      (error) => this.#log(`will try again: ${error instanceof Error ? error.message : String(error)}`),
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
    if (this.#driftCheckMs === 0) return;
    this.#driftTimer = setInterval(() => {
      this.#checkDue = true;
      this.#worker.request();
    }, this.#driftCheckMs).unref();
  }

  /** Stops watching and writing; what is in force stays in force. */
  async stop(): Promise<void> {
    clearInterval(this.#driftTimer);
    this.#observer.stop();
    await this.#worker.stop();
  }

  /** Calls `listener` after each program that came into force; returns what takes it off again. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Calls `listener` when the kernel's table turns out to be other than it was written, with what is different, up to
   * twenty lines; it is mended next. Returns what takes it off again.
   */
  onDrift(listener: (differences: readonly string[]) => void): () => void {
    this.#driftListeners.add(listener);
    return () => this.#driftListeners.delete(listener);
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
    const told = this.#checkDue && (await this.#checkDrift());
    const revisions = this.#observer.revisions();
    const program = this.cluster.program((pod: Pod) => pod.nodeName === this.#nodeName);
    const { cut, pending, failure, replaced } = await this.#dataplane
      .apply(program)
      .catch((error: unknown) => {
        throw new Error(`not in force: ${error instanceof Error ? error.message : String(error)}`, {
          cause: error,
        });
      });
    // Noticed by a failed write, before the next comparison was due.
    if (replaced !== undefined && !told) this.#tellDrift([replaced]);
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
    if (failure !== undefined)
      throw new Error(`in force, but open connections that it denies could not be cut: ${failure.message}`);
    if (pending) this.#worker.request();
  }

  /** Whether there was something to tell. */
  async #checkDrift(): Promise<boolean> {
    this.#checkDue = false;
    // A listing that fails is no reason to hold up what has to be written.
    const differences = await this.#dataplane.drift().catch((error: Error) => {
      this.#log(`could not compare the kernel's table: ${error.message}`);
      return [];
    });
    if (differences.length === 0) return false;
    this.#dataplane.distrust();
    this.#tellDrift(differences);
    return true;
  }

  #tellDrift(differences: readonly string[]): void {
    const more = differences.length - differencesTold;
    const lines = [...differences.slice(0, differencesTold), ...(more > 0 ? [`and ${more} more`] : [])];
    this.#log(`somebody changed the kernel's table, which is mended: ${lines.join("; ")}`);
    for (const listener of [...this.#driftListeners]) listener(lines);
  }
}

function cidr(text: string) {
  const parsed = parseCidr(text);
  if (parsed === undefined) throw new Error(`not a prefix: ${text}`);
  return parsed;
}
