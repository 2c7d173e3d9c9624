import type { AllowedFlow, Applied, Drop, FlowReader, RuleCounter } from "@portcullis/dataplane";
import { Dataplane, podLinksByRoute } from "@portcullis/dataplane";
import { Cluster, type Program, parseCidr } from "@portcullis/engine";
import { DriftHistory } from "./agent-drift.ts";
import { DriftWatch } from "./agent-drift-watch.ts";
import type { AgentEvent, AgentListener } from "./agent-event.ts";
import { agentEventLine } from "./agent-event-line.ts";
import { KernelFailures } from "./agent-failure.ts";
import { releaseMemoryLater } from "./agent-memory.ts";
import type { AgentOptions, StoredProgram } from "./agent-options.ts";
import { sizeOf } from "./agent-size.ts";
import { Coalescer } from "./coalesce.ts";
import { Conditions } from "./conditions.ts";
import type { SeenPolicy } from "./in-force/policy-versions.ts";
import { Observer } from "./observer.ts";

/**
 * Watches a Kubernetes API and keeps this node's kernel at what its policies mean. The same in the sandbox and on a
 * node of a real cluster. Nothing is written before every watch is in sync, but for what `restore` is given.
 */
export class Agent {
  readonly cluster = new Cluster();
  readonly conditions: Conditions;
  readonly #dataplane: Dataplane;
  readonly #observer: Observer;
  readonly #worker: Coalescer;
  readonly #drift: DriftHistory;
  readonly #driftWatch: DriftWatch;
  readonly #failures: KernelFailures;
  readonly #nodeName: string;
  readonly #options: AgentOptions;
  readonly #now: () => number;
  readonly #listeners = new Set<() => void>();
  #keepMemory: () => void = () => {};
  #isStopped = false;
  #stored: StoredProgram | undefined;
  /** When the oldest change arrived that is not in force yet. */
  #oldestChangeMs: number | undefined;
  /** When the program that is being applied came into force. */
  #inForceMs: number | undefined;
  /** The cluster's revision when the present program was made; -1 when there is more to do than the cluster tells. */
  #compiled = -1;
  #seen = 0;
  #enforced: ReadonlyMap<string, bigint> = new Map();
  #program: Program | undefined;
  #programmed: ReadonlyMap<string, string> | undefined;

  constructor(options: AgentOptions) {
    this.#options = options;
    this.#nodeName = options.nodeName;
    this.#now = options.now ?? Date.now;
    const emit: AgentListener = (event) => this.#emit(event);
    this.conditions = options.conditions ?? new Conditions(emit, this.#now);
    this.#drift = new DriftHistory(emit, this.conditions, this.#now);
    this.#failures = new KernelFailures(emit, this.conditions, this.#now);
    const podCidrs = options.podCidrs.map(cidr);
    this.#dataplane = new Dataplane({
      nft: options.nft,
      connections: options.connections,
      podCidrs,
      podLinks: podLinksByRoute(podCidrs),
      ...(options.denied === undefined ? {} : { denied: options.denied }),
      ...(options.established === undefined ? {} : { established: options.established }),
      ...(options.flows === undefined ? {} : { flows: options.flows }),
    });
    this.#worker = new Coalescer(
      () => this.#bringIntoForce(),
      () => {},
    );
    this.#driftWatch = new DriftWatch({
      dataplane: this.#dataplane,
      history: this.#drift,
      failures: this.#failures,
      conditions: this.conditions,
      checkMs: options.driftCheckMs ?? 30_000,
      mend: () => this.#worker.run(),
    });
    this.#observer = new Observer({
      client: options.client,
      cluster: this.cluster,
      emit,
      conditions: this.conditions,
      now: this.#now,
      onChange: () => this.#onChange(),
    });
  }

  /** Resolves when the first program of what the API says is in force. */
  async start(): Promise<void> {
    const first = new Promise<void>((resolve) => {
      const unsubscribe = this.onChange(() => {
        if (this.#enforced.size === 0) return;
        unsubscribe();
        resolve();
      });
    });
    await this.#observer.start();
    await first;
    if (this.#isStopped) return;
    this.#driftWatch.compare();
    this.#keepMemory = releaseMemoryLater();
  }

  /** Enforces a program that was kept from before, for as long as the API has not been heard. */
  restore(stored: StoredProgram): void {
    this.#stored = stored;
    this.#worker.request();
  }

  /** Stops watching and writing; what is in force stays in force. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#keepMemory();
    this.#observer.stop();
    await Promise.all([this.#worker.stop(), this.#driftWatch.stop()]);
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

  /** Whether the cluster is what the API says: every kind has been listed. */
  get inSync(): boolean {
    return this.#observer.inSync;
  }

  /** What is in force; undefined before the first program. */
  get program(): Program | undefined {
    return this.#program;
  }

  /** The policies as the API has them now, `namespace/name`: what is in force may be behind. */
  get policies(): ReadonlyMap<string, SeenPolicy> {
    return this.#observer.policies.snapshot();
  }

  /** Whether the pod `namespace/name` is in force at these addresses. */
  isProgrammed(key: string, addresses: readonly string[]): boolean {
    this.#programmed ??= addressesByPod(this.#program);
    return this.#programmed.get(key) === [...addresses].sort().join();
  }

  drops(): Promise<readonly Drop[]> {
    return this.#dataplane.drops();
  }

  /** Reads what was dropped since its last reading. */
  dropReader(): FlowReader<Drop> {
    return this.#dataplane.dropReader();
  }

  /** Reads the connections that passed since its last reading; none unless `flows` is on. */
  flowReader(): FlowReader<AllowedFlow> {
    return this.#dataplane.flowReader();
  }

  counters(): Promise<readonly RuleCounter[]> {
    return this.#dataplane.counters();
  }

  #emit(event: AgentEvent): void {
    this.#options.emit?.(event);
    const line = this.#options.log === undefined ? undefined : agentEventLine(event);
    if (line !== undefined) this.#options.log?.(line);
  }

  #onChange(): void {
    if (this.cluster.revision !== this.#seen) {
      this.#seen = this.cluster.revision;
      this.#oldestChangeMs ??= this.#now();
    }
    this.#worker.request();
  }

  async #bringIntoForce(): Promise<void> {
    if (this.#observer.inSync) return this.#follow();
    if (this.#stored === undefined) return;
    const { program, revisions, says } = this.#stored;
    const applied = await this.#apply(program);
    const message = says?.message ?? "the API has not been heard since the agent began";
    this.conditions.set("FromDisk", says?.reason ?? "ApiNotHeard", message);
    this.#tell(applied, program, { revisions, fromDisk: true });
  }

  /** Brings into force what the cluster says now. */
  async #follow(): Promise<void> {
    const oldestChangeMs = this.#oldestChangeMs;
    const revisions = this.#observer.revisions();
    const policies = this.#observer.policies.snapshot();
    const { revision } = this.cluster;
    this.#oldestChangeMs = undefined;
    let applied: Applied = { changed: false, transactions: 0, cut: [], pending: false };
    let program = this.#program;
    if (program === undefined || revision !== this.#compiled || !this.#dataplane.isTrusted) {
      // Until it is in force, nothing is.
      this.#compiled = -1;
      program = this.cluster.program({ node: this.#nodeName });
      try {
        applied = await this.#apply(program);
      } catch (error) {
        this.#oldestChangeMs = oldestChangeMs ?? this.#oldestChangeMs;
        throw error;
      }
      if (!applied.pending) this.#compiled = revision;
    }
    this.#enforced = revisions;
    this.#stored = undefined;
    this.conditions.clear("FromDisk");
    const texts = new Map([...revisions].map(([plural, version]) => [plural, String(version)]));
    const batch = oldestChangeMs === undefined ? {} : { oldestChangeMs };
    this.#tell(applied, program, { revisions: texts, policies, fromDisk: false, ...batch });
    if (applied.failure !== undefined) throw applied.failure;
    if (applied.pending) this.#worker.request();
  }

  async #apply(program: Program): Promise<Applied> {
    // Rules count from when they are in force: the cutting of what they deny comes after.
    this.#inForceMs = undefined;
    const onInForce = () => {
      this.#inForceMs = this.#now();
    };
    const applied = await this.#dataplane.apply(program, onInForce).catch((error: unknown) => {
      this.#failures.notInForce(error);
      throw error;
    });
    this.#failures.inForce();
    const drifted = applied.drifted ?? (applied.replaced === undefined ? [] : [applied.replaced]);
    if (drifted.length > 0 && !this.#drift.isOpen) this.#drift.found(drifted);
    // What was found while it was written is the next run's to mend.
    if (this.#dataplane.isTrusted) this.#drift.mended();
    this.#failures.cut(applied);
    return applied;
  }

  #tell(
    { changed, transactions }: Applied,
    program: Program,
    from: {
      readonly revisions: ReadonlyMap<string, string>;
      readonly policies?: ReadonlyMap<string, SeenPolicy>;
      readonly fromDisk: boolean;
      readonly oldestChangeMs?: number;
    },
  ): void {
    if (this.#program !== program) this.#programmed = undefined;
    this.#program = program;
    const size = sizeOf(program);
    const atMs = this.#inForceMs ?? this.#now();
    this.#inForceMs = undefined;
    this.#emit({ type: "programmed", atMs, changed, transactions, size, program, ...from });
    for (const listener of [...this.#listeners]) listener();
    // What was written before it listens shows in the first look that it takes.
    this.#driftWatch.listen(size.setElements);
  }
}

function addressesByPod(program: Program | undefined): ReadonlyMap<string, string> {
  return new Map(
    (program?.pods ?? []).map(({ key, addresses }) => [
      key,
      addresses
        .map(({ text }) => text)
        .sort()
        .join(),
    ]),
  );
}

function cidr(text: string) {
  const parsed = parseCidr(text);
  if (parsed === undefined) throw new Error(`not a prefix: ${text}`);
  return parsed;
}
