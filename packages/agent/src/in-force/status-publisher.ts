import { setTimeout as sleep } from "node:timers/promises";
import { ApiError, BackOff, type KubeClient, Unreachable } from "@portcullis/kube";
import type { Conditions } from "../conditions.ts";
import type { InForceRecord } from "./in-force-record.ts";
import { LeaseStore } from "./lease-store.ts";
import type { NodeRecord } from "./node-record.ts";
import { PublishPacing, paceFor } from "./publish-pacing.ts";

export interface StatusPublisherOptions {
  readonly client: KubeClient;
  /** The node's object has to be in the API: what is published goes with it. */
  readonly nodeName: string;
  /** Where the Lease is: the agent's own. */
  readonly namespace: string;
  readonly record: InForceRecord;
  /** How many nodes the cluster has, which the pace depends on, 0 until it is known: `agent.cluster.nodes().length`. */
  readonly nodes: () => number;
  /** Told when the API refuses the Lease: condition StatusNotPublished. */
  readonly conditions?: Conditions;
  /** Milliseconds since the epoch (default Date.now). */
  readonly now?: () => number;
  /** Uniform in [0, 1) (default Math.random). */
  readonly random?: () => number;
}

/** Events that come together are looked at once, after so many milliseconds. */
const lookMs = 10;

/** Between two looks, in milliseconds: each goes through the policies of the node. */
const betweenLooksMs = 100;

/** How long the end waits for a write, in milliseconds. */
const lastWriteMs = 1000;

/**
 * Publishes the record as the node's Lease: at once when the policies of a local pod, an exception or a condition changed,
 * and else with the next renewal. All agents of a cluster keep a common pace; see `paceFor`.
 */
export class StatusPublisher {
  readonly #options: StatusPublisherOptions;
  readonly #now: () => number;
  readonly #backOff: BackOff;
  readonly #store: LeaseStore;
  #pacing: PublishPacing | undefined;
  #acquiredMs = 0;
  #adopted = false;
  /** What was told last of what cannot wait. */
  #told = "";
  #timer: NodeJS.Timeout | undefined;
  #lookTimer: NodeJS.Timeout | undefined;
  #lookedMs = 0;
  #writing: Promise<void> | undefined;
  #unsubscribe = () => {};

  constructor(options: StatusPublisherOptions) {
    const { now = Date.now, random = Math.random } = options;
    this.#options = options;
    this.#now = now;
    this.#store = new LeaseStore(options);
    this.#backOff = new BackOff({ random, longestMs: paceFor(1).renewalMs });
  }

  start(): void {
    const { nodes, random = Math.random, record } = this.#options;
    this.#acquiredMs = this.#now();
    this.#pacing = new PublishPacing({ nodes, random }, performance.now());
    this.#unsubscribe = record.onChange(() => {
      const waitMs = Math.max(lookMs, this.#lookedMs + betweenLooksMs - performance.now());
      this.#lookTimer ??= setTimeout(() => this.#look(), waitMs).unref();
    });
    this.#plan();
  }

  /** Nothing is begun any more; a write that is under way is waited for, but not for long. What was published stays. */
  async stop(): Promise<void> {
    this.#unsubscribe();
    this.#pacing = undefined;
    clearTimeout(this.#timer);
    clearTimeout(this.#lookTimer);
    // A server that does not answer must not hold up an agent that is to end.
    await Promise.race([this.#writing, sleep(lastWriteMs, undefined, { ref: false })]);
  }

  #look(): void {
    clearTimeout(this.#lookTimer);
    this.#lookTimer = undefined;
    this.#lookedMs = performance.now();
    if (this.#pacing === undefined || urgentPart(this.#options.record.node()) === this.#told) return;
    this.#pacing.changed(performance.now());
    this.#plan();
  }

  #plan(): void {
    if (this.#pacing === undefined || this.#writing !== undefined) return;
    clearTimeout(this.#timer);
    const waitMs = Math.max(0, this.#pacing.dueMs - performance.now());
    this.#timer = setTimeout(() => {
      this.#writing = this.#write().finally(() => {
        this.#writing = undefined;
        // What changed in the meantime.
        this.#look();
        this.#plan();
      });
    }, waitMs).unref();
  }

  async #write(): Promise<void> {
    const { conditions } = this.#options;
    try {
      await this.#adopt();
      let record = this.#options.record.node();
      await this.#store.put(() => {
        record = this.#options.record.node();
        return {
          record,
          acquiredMs: this.#acquiredMs,
          renewedMs: this.#now(),
          validSeconds: this.#pacing?.validSeconds ?? 60,
        };
      });
      this.#told = urgentPart(record);
      this.#backOff.reset();
      this.#pacing?.written(performance.now());
      conditions?.clear("StatusNotPublished");
    } catch (error) {
      this.#pacing?.failed(performance.now(), this.#waitAfter(error));
      // An API that is away is the agent's to tell.
      if (error instanceof Unreachable) return;
      const reason = error instanceof ApiError && error.reason !== "" ? error.reason : "WriteFailed";
      conditions?.set("StatusNotPublished", reason, error instanceof Error ? error.message : String(error));
    }
  }

  /** What the agent before this one published. */
  async #adopt(): Promise<void> {
    if (this.#adopted) return;
    const former = await this.#store.former();
    this.#adopted = true;
    if (former !== undefined) this.#options.record.adopt(former);
  }

  /** What the server asks for when it has too much to do, or else what the failures so far suggest; in milliseconds. */
  #waitAfter(error: unknown): number {
    const { random = Math.random } = this.#options;
    const seconds = error instanceof ApiError ? error.status.details?.retryAfterSeconds : undefined;
    return seconds === undefined ? this.#backOff.next() : seconds * 1000 * (1 + random());
  }
}

/** What cannot wait for the renewal: which versions are in force for local pods, and what is wrong. */
function urgentPart({
  revision,
  selected,
  moreSelected,
  exceptions,
  moreExceptions,
  conditions,
}: NodeRecord): string {
  return JSON.stringify([
    revision !== undefined,
    selected.map(({ id, resourceVersion }) => `${id} ${resourceVersion}`),
    moreSelected,
    exceptions.map(({ policy, state, resourceVersion }) => [policy, state, resourceVersion]),
    moreExceptions,
    conditions.map(({ type, reason }) => [type, reason]),
  ]);
}
