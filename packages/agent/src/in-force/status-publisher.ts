import { setTimeout as sleep } from "node:timers/promises";
import {
  ApiError,
  BackOff,
  isReason,
  type KubeClient,
  type KubeObject,
  resources,
  Unreachable,
} from "@portcullis/kube";
import type { Conditions } from "../conditions.ts";
import type { InForceRecord } from "./in-force-record.ts";
import { leaseName, leaseWith, readLease } from "./lease.ts";
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

/** How often a write is tried at once when somebody else has written, made or removed the Lease. */
const attempts = 5;

/**
 * Publishes the record as the node's Lease: at once when the policies of a local pod, an exception or a condition changed,
 * and else with the next renewal. All agents of a cluster keep a common pace; see `paceFor`.
 */
export class StatusPublisher {
  readonly #options: StatusPublisherOptions;
  readonly #now: () => number;
  readonly #backOff: BackOff;
  #pacing: PublishPacing | undefined;
  #acquiredMs = 0;
  #lease: KubeObject | undefined;
  #nodeUid: string | undefined;
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
      const told = await this.#publish();
      this.#told = told;
      this.#backOff.reset();
      this.#pacing?.written(performance.now());
      conditions?.clear("StatusNotPublished");
    } catch (error) {
      this.#pacing?.failed(performance.now(), waitOf(error) ?? this.#backOff.next());
      // An API that is away is the agent's to tell.
      if (error instanceof Unreachable) return;
      const reason = error instanceof ApiError && error.reason !== "" ? error.reason : "WriteFailed";
      conditions?.set("StatusNotPublished", reason, error instanceof Error ? error.message : String(error));
    }
  }

  /** Gives the urgent part of what was written. */
  async #publish(): Promise<string> {
    await this.#adopt();
    for (let attempt = 1; ; attempt++) {
      const record = this.#options.record.node();
      try {
        await this.#put(record);
        return urgentPart(record);
      } catch (error) {
        // Written by somebody else, made by somebody else, or removed: with the node that was, if it is another one now.
        const raced = ["Conflict", "AlreadyExists", "NotFound"].some((reason) => isReason(error, reason));
        if (!raced || attempt === attempts) throw error;
        this.#nodeUid = undefined;
        this.#lease = await this.#find();
      }
    }
  }

  async #put(record: NodeRecord): Promise<void> {
    const { client, nodeName, namespace } = this.#options;
    this.#nodeUid ??= await this.#findNode();
    const lease = leaseWith(this.#lease, {
      nodeName,
      nodeUid: this.#nodeUid,
      namespace,
      record,
      acquiredMs: this.#acquiredMs,
      renewedMs: this.#now(),
      validSeconds: this.#pacing?.validSeconds ?? 60,
    });
    this.#lease = await (this.#lease === undefined
      ? client.create(resources.leases, lease)
      : client.update(resources.leases, lease));
  }

  /** What the agent before this one published. */
  async #adopt(): Promise<void> {
    if (this.#adopted) return;
    this.#lease = await this.#find();
    this.#adopted = true;
    const former = this.#lease === undefined ? undefined : readLease(this.#lease)?.record;
    if (former !== undefined) this.#options.record.adopt(former);
  }

  async #find(): Promise<KubeObject | undefined> {
    const { client, nodeName, namespace } = this.#options;
    try {
      return await client.get(resources.leases, leaseName(nodeName), namespace);
    } catch (error) {
      if (isReason(error, "NotFound")) return undefined;
      throw error;
    }
  }

  /** By a list, which an agent may do anyway. */
  async #findNode(): Promise<string> {
    const { client, nodeName } = this.#options;
    const { items } = await client.list(resources.nodes, { fieldSelector: `metadata.name=${nodeName}` });
    const uid = items[0]?.metadata.uid;
    if (uid === undefined) throw new Error(`the API has no node ${nodeName}`);
    return uid;
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

/** What the server asks for when it has too much to do, in milliseconds. */
function waitOf(error: unknown): number | undefined {
  const seconds = error instanceof ApiError ? error.status.details?.retryAfterSeconds : undefined;
  return seconds === undefined ? undefined : seconds * 1000 * (1 + Math.random());
}
