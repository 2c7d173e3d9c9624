import type { Cluster, FlowRecord } from "@portcullis/engine";
import type { AgentEvent } from "../../agent-event.ts";
import type { EventStream } from "../http/event-stream.ts";
import type { Log } from "../log/log.ts";
import type { FlowMetrics } from "../metrics/flow-metrics.ts";
import { asked, followed, inBackground, pauseAfter } from "../pace.ts";
import { Poller } from "../poller.ts";
import { DenialExplainer } from "./denial-explainer.ts";
import { DepartedPods } from "./departed-pods.ts";
import { FlowDigest } from "./flow-digest.ts";
import { FlowNamer } from "./flow-namer.ts";
import { type FlowReader, FlowWatch, type JudgeStaged } from "./flow-watch.ts";
import { RecentFlows } from "./recent-flows.ts";

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
}

/** What is observed: an `Agent`, or what can stand for one. Readers give what is new since their last reading. */
export interface ObservedAgent {
  readonly cluster: Cluster;
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

type Watched = "denied" | "allowed";

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
  readonly #pollers: readonly { readonly poller: Poller; readonly everyMs: number }[];
  readonly #full = new Set<Watched>();
  #digestTimer: NodeJS.Timeout | undefined;

  constructor(options: FlowReportOptions) {
    this.#options = options;
    const { agent, nodeName, now, judgeStaged } = options;
    const { cluster } = agent;
    this.#recent = { denied: new RecentFlows(), allowed: new RecentFlows() };
    this.#digest = new FlowDigest((record) => options.log.log(`flow-${record.verdict}`, record));
    const explainer = new DenialExplainer(cluster);
    const namer = new FlowNamer(cluster, this.#departed);
    const common = { nodeName, namer, explainer, now, mostExplained: options.mostExplained ?? 200 };
    const denied = new FlowWatch({ ...common, verdict: "denied", reader: agent.dropReader() });
    this.#pollers = [this.#poller("denied", denied, options.dropsEveryMs)];
    if (options.flows !== true) return;
    const staged = judgeStaged && { judgeStaged };
    const reader = agent.flowReader();
    const allowed = new FlowWatch({ ...common, verdict: "allowed", reader, ...staged });
    this.#pollers = [...this.#pollers, this.#poller("allowed", allowed, options.flowsEveryMs)];
  }

  start(): void {
    for (const { poller, everyMs } of this.#pollers) if (everyMs > 0) poller.start();
    this.#digestTimer = setInterval(() => this.#digest.flush(), digestMs).unref();
  }

  /** Looks at everything once, besides its turn. */
  async look(): Promise<void> {
    for (const { poller } of this.#pollers) await poller.run();
  }

  /** Looks, so that who asks is told of all that has come; not if that would take long, because looks have taken long. */
  async fresh(): Promise<void> {
    for (const { poller } of this.#pollers) await poller.fresh(askedFor, patienceMs);
  }

  /** To be called when somebody begins to follow what is seen. */
  hurry(): void {
    for (const { poller } of this.#pollers) poller.hurry(askedFor);
  }

  /** Looks once more, for whoever comes next takes what the kernel counted until then as told. */
  async close(): Promise<void> {
    clearInterval(this.#digestTimer);
    const scheduled = this.#pollers.filter(({ everyMs }) => everyMs > 0);
    await within(lastLookMs, Promise.all(scheduled.map(({ poller }) => poller.run())));
    await within(lastLookMs, Promise.all(this.#pollers.map(({ poller }) => poller.close())));
    this.#digest.flush();
  }

  take(event: AgentEvent): void {
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

  #poller(what: Watched, watch: FlowWatch, everyMs = 10_000) {
    const { stream } = this.#options;
    const pauseMs = (tookMs: number) =>
      pauseAfter(tookMs, stream.wantsFlows ? followed : { ...inBackground, everyMs });
    return { poller: new Poller({ task: () => this.#look(what, watch), pauseMs }), everyMs };
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
