import type { Cluster, FlowRecord } from "@portcullis/engine";
import type { AgentEvent } from "../../agent-event.ts";
import type { FlowJournal } from "../../state/flow-journal.ts";
import type { StateError } from "../../state/state-error.ts";
import type { EventStream } from "../http/event-stream.ts";
import type { Log } from "../log/log.ts";
import type { FlowMetrics } from "../metrics/flow-metrics.ts";
import { asked, followed, inBackground, pauseAfter } from "../pace.ts";
import { Poller } from "../poller.ts";
import { DenialExplainer } from "./denial-explainer.ts";
import { DepartedPods } from "./departed-pods.ts";
import { FlowDigest } from "./flow-digest.ts";
import { FlowNamer } from "./flow-namer.ts";
import {
  type ClusterKnown,
  type FlowReader,
  FlowWatch,
  type FlowWatchOptions,
  type JudgeStaged,
} from "./flow-watch.ts";
import { RecentFlows } from "./recent-flows.ts";

type Watched = "denied" | "allowed";
type Journal = Pick<FlowJournal, keyof FlowJournal>;

export interface FlowOptions {
  /** Milliseconds between looks at what was dropped (default 10,000); 0 is never. */
  readonly dropsEveryMs?: number;
  /** Whether what passed is looked at as well; the kernel has to count it (default false). */
  readonly flows?: boolean;
  /** Milliseconds between looks at what passed (default 10,000). */
  readonly flowsEveryMs?: number;
  /** What staged policies would make of what passed. */
  readonly judgeStaged?: JudgeStaged;
  /** Flows that are explained at one look (default 200). */
  readonly mostExplained?: number;
  /** How long the cluster is awaited before what was seen is told without names, in milliseconds (default 60,000). */
  readonly awaitClusterMs?: number;
  /** Keeps what has been told for the next agent; without, that one cannot know. */
  readonly journal?: (what: Watched) => Journal;
}

/** What is observed: an `Agent`, or what can stand for one. Readers give what is new since their last reading. */
export interface ObservedAgent {
  readonly cluster: Cluster;
  /** Whether the cluster is what the API says; once it is, it stays so. */
  readonly inSync: boolean;
  dropReader(): FlowReader;
  flowReader(): FlowReader;
}

export interface FlowReportOptions extends FlowOptions {
  readonly nodeName: string;
  readonly agent: ObservedAgent;
  readonly log: Log;
  readonly metrics: FlowMetrics;
  readonly stream: EventStream;
  readonly now: () => number;
}

interface WatchedFlows {
  readonly poller: Poller;
  readonly everyMs: number;
  readonly journal: Journal | undefined;
}

/** How long who asks waits for a look to be allowed, in milliseconds. */
const patienceMs = 2_000;
const askedFor = (tookMs: number) => pauseAfter(tookMs, asked);

/** How long the end waits for the last look, in milliseconds. */
const lastLookMs = 2_000;

/** Sums of flows are logged once a minute. */
const digestMs = 60_000;

/** Looks at what was dropped and what passed, and tells it to the log, the metrics, the stream and the lists. */
export class FlowReport {
  readonly #options: FlowReportOptions;
  readonly #departed = new DepartedPods();
  readonly #recent: Readonly<Record<Watched, RecentFlows>>;
  readonly #digest: FlowDigest;
  readonly #watched: readonly WatchedFlows[];
  readonly #beganMs = performance.now();
  /** Whether a program may come that makes the cluster known. */
  #awaited = true;
  readonly #full = new Set<Watched>();
  #digestTimer: NodeJS.Timeout | undefined;

  constructor(options: FlowReportOptions) {
    this.#options = options;
    const { agent, nodeName, now, judgeStaged } = options;
    const { cluster } = agent;
    this.#recent = { denied: new RecentFlows(), allowed: new RecentFlows() };
    this.#digest = new FlowDigest((record) => options.log.log(`flow-${record.verdict}`, record));
    const common = {
      nodeName,
      namer: new FlowNamer(cluster, this.#departed),
      explainer: new DenialExplainer(cluster),
      now,
      mostExplained: options.mostExplained ?? 200,
      clusterKnown: () => this.#clusterKnown(),
    };
    const denied = { ...common, verdict: "denied", reader: agent.dropReader() } as const;
    this.#watched = [this.#watch(denied, options.dropsEveryMs)];
    if (options.flows !== true) {
      // By the time that they are recorded again, others have been counted anew.
      void options.journal?.("allowed").remove();
      return;
    }
    const reader = agent.flowReader();
    const allowed = { ...common, verdict: "allowed", reader, ...(judgeStaged && { judgeStaged }) } as const;
    this.#watched = [...this.#watched, this.#watch(allowed, options.flowsEveryMs)];
  }

  start(): void {
    for (const { poller, everyMs } of this.#watched) if (everyMs > 0) poller.start();
    this.#digestTimer = setInterval(() => this.#digest.flush(), digestMs).unref();
  }

  /** Looks at everything once, besides its turn. */
  async look(): Promise<void> {
    for (const { poller } of this.#watched) await poller.run();
  }

  /** Looks, so that who asks is told of all that has come; not if that would take long, because looks have taken long. */
  async fresh(): Promise<void> {
    for (const { poller } of this.#watched) await poller.fresh(askedFor, patienceMs);
  }

  /** To be called when somebody begins to follow what is seen. */
  hurry(): void {
    for (const { poller } of this.#watched) poller.hurry(askedFor);
  }

  /** Looks once more, for whoever comes next takes what the kernel counted until then as told. */
  async close(): Promise<void> {
    clearInterval(this.#digestTimer);
    const scheduled = this.#watched.filter(({ everyMs }) => everyMs > 0);
    await within(lastLookMs, Promise.all(scheduled.map(({ poller }) => poller.run())));
    await within(lastLookMs, Promise.all(this.#watched.map(({ poller }) => poller.close())));
    this.#digest.flush();
    await within(lastLookMs, Promise.all(this.#watched.map(({ journal }) => journal?.close())));
  }

  take(event: AgentEvent): void {
    if (event.type === "programmed" && this.#awaited && this.#options.agent.inSync) {
      this.#awaited = false;
      this.hurry();
    }
    if (event.type === "addresses-released") this.#departed.note(event.pod, event.addresses, event.atMs);
  }

  /** Whether there is a policy `namespace/name`, staged ones included. */
  policyExists(key: string): boolean {
    const slash = key.indexOf("/");
    const { cluster } = this.#options.agent;
    return cluster.get("NetworkPolicy", key.slice(0, slash), key.slice(slash + 1)) !== undefined;
  }

  /** The flows of the last minutes; the one seen last is first. */
  recent(what: Watched): readonly FlowRecord[] {
    return this.#recent[what].list(this.#options.now());
  }

  #watch(options: FlowWatchOptions, everyMs = 10_000): WatchedFlows {
    const { stream, log } = this.#options;
    const what = options.verdict;
    const journal = this.#options.journal?.(what);
    const onRefused = ({ problem, message }: StateError) =>
      log.log("told-unknown", { what, reason: `State${problem}`, error: message });
    const watch = new FlowWatch({ ...options, ...(journal && { journal }), onRefused });
    const pauseMs = (tookMs: number) =>
      pauseAfter(tookMs, stream.wantsFlows ? followed : { ...inBackground, everyMs });
    const poller = new Poller({ task: () => this.#look(what, watch), pauseMs });
    return { poller, everyMs, journal };
  }

  #clusterKnown(): ClusterKnown {
    const { agent, awaitClusterMs = 60_000 } = this.#options;
    if (agent.inSync) return "known";
    return performance.now() - this.#beganMs < awaitClusterMs ? "awaited" : "unknown";
  }

  /** Never rejects. */
  async #look(what: Watched, watch: FlowWatch): Promise<void> {
    const { log, metrics, stream, now } = this.#options;
    try {
      const { records, rest, full } = await watch.look();
      this.#tellFull(what, full);
      for (const record of records) {
        metrics.record(record);
        this.#recent[what].add(record, now());
        stream.publish({ type: what === "denied" ? "drop" : "flow", data: record });
        this.#digest.add(record);
      }
      for (const each of rest) {
        metrics.rest(each);
        stream.publish({ type: "rest", data: each });
        log.log("flows-not-told", each);
      }
      await watch.told();
    } catch (error) {
      metrics.pollFailed(what);
      log.log("poll-failed", { what, error: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Once when it begins: it lasts until flows are forgotten. */
  #tellFull(what: Watched, full: boolean): void {
    const { log, metrics } = this.#options;
    metrics.setsFull(what, full);
    if (full && !this.#full.has(what)) log.log("flows-not-counted", { verdict: what });
    if (full) this.#full.add(what);
    else this.#full.delete(what);
  }
}

/** Resolves with the promise, or when the time is over. */
async function within(milliseconds: number, promise: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([promise, over]);
  clearTimeout(timer);
}
