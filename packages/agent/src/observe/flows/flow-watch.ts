import { forgottenAfter, type Reading, type ToldFlows } from "@portcullis/dataplane";
import { type DeniedBy, type FlowRecord, unprogrammed } from "@portcullis/engine";
import type { FlowJournal } from "../../state/flow-journal.ts";
import { StateError } from "../../state/state-error.ts";
import { Breather } from "../breather.ts";
import type { DenialExplainer } from "./denial-explainer.ts";
import type { FlowNamer, NamedEnd } from "./flow-namer.ts";
import type { RestOfFlows } from "./rest-of-flows.ts";
import { type SeenFlow, seenFlowKey } from "./seen-flow.ts";

export interface FlowWatchOptions {
  readonly verdict: "denied" | "allowed";
  readonly nodeName: string;
  readonly reader: FlowReader;
  readonly namer: FlowNamer;
  readonly explainer: DenialExplainer;
  /** What staged policies would make of an allowed flow; absent without any. */
  readonly judgeStaged?: JudgeStaged;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Flows that are explained at one look; the others are counted. */
  readonly mostExplained: number;
  /** Whether the cluster's pods and policies are known (default yes). */
  readonly clusterKnown?: () => ClusterKnown;
  /** What the agent before has told, and what is told here; without, the former is not known. */
  readonly journal?: Pick<FlowJournal, "load" | "add">;
  /** Told why what the journal has is not used. */
  readonly onRefused?: (error: StateError) => void;
}

/** `awaited`: will be, presumably, in a moment. `unknown`: nothing is waited for any more, and nothing can be said of it. */
export type ClusterKnown = "known" | "awaited" | "unknown";

/** Reads what the kernel counted since the last reading; the first time all that it knows of. */
export interface FlowReader {
  read(): Promise<readonly SeenFlow[]>;
  /** Goes on from what another reader has told. */
  resume(told: ToldFlows): void;
  /** What the last reading made of what is told. */
  readonly reading: Reading;
  /** Whether the kernel had no room for further flows at the last reading. */
  readonly full: boolean;
}

/** The record as `would-be-denied` when staged policies would deny it; undefined when they would not: a StagedJudge. */
export type JudgeStaged = (record: FlowRecord) => FlowRecord | undefined;

/** What was seen since the look before. */
export interface Look {
  readonly records: readonly FlowRecord[];
  readonly rest: readonly RestOfFlows[];
  /** The kernel had no room for further flows, whose packets it did not count. */
  readonly full: boolean;
}

const nothing: Look = { records: [], rest: [], full: false };

/**
 * Looks what the kernel counted, and says of whose pods it is and why. Looks must not overlap.
 *
 * What the kernel knows of at first was counted before this process watched. When the agent before has left word of what
 * it told, the first look gives the rest; else none, for it may all have been told.
 */
export class FlowWatch {
  readonly #options: FlowWatchOptions;
  #fromMs: number;
  /** Whether the clock has gone on evenly since then. */
  #isEven = false;
  #begun = false;
  /** Whether the next look gives none, and all that it finds counts as told. */
  #skips = true;
  /** What the last look read, until it has been told. */
  #untold: { readonly reading: Reading; readonly wallMs: number } | undefined;

  constructor(options: FlowWatchOptions) {
    this.#options = options;
    this.#fromMs = options.now();
  }

  /**
   * While the cluster is awaited, gives none and leaves it to the next: what is read is told once, and with names.
   * @throws what the reader throws; the next look then covers the time since the last that succeeded.
   */
  async look(): Promise<Look> {
    const { reader, now, mostExplained } = this.#options;
    if (!this.#begun) await this.#begin();
    if (!this.#skips && this.#clusterKnown() === "awaited") return nothing;
    const beganMs = now();
    const seen = await reader.read();
    const toMs = now();
    // A clock that was set back.
    const fromMs = Math.min(this.#fromMs, toMs);
    this.#fromMs = Math.min(beganMs, toMs);
    const news = this.#skips ? [] : [...seen].sort(mostFirst);
    // The kernel would have forgotten the flow between two packets that are further apart.
    const apartMs = this.#isEven ? forgottenAfter * 1000 : Number.POSITIVE_INFINITY;
    this.#skips = false;
    this.#isEven = false;
    const records: FlowRecord[] = [];
    const breather = new Breather();
    for (const flow of news.slice(0, mostExplained)) {
      records.push(this.#record(flow, Math.max(fromMs, beganMs - flow.packets * apartMs), toMs));
      await breather.breathe();
    }
    this.#untold = { reading: reader.reading, wallMs: this.#fromMs };
    return {
      records,
      rest: this.#rest(news.slice(mostExplained)),
      full: reader.full,
    };
  }

  /** To be called when all that the last look gave has been told. */
  async told(): Promise<void> {
    if (this.#untold === undefined) return;
    const { reading, wallMs } = this.#untold;
    this.#untold = undefined;
    await this.#options.journal?.add(reading, wallMs);
  }

  async #begin(): Promise<void> {
    const { reader, journal, onRefused } = this.#options;
    try {
      const leftOff = await journal?.load();
      if (leftOff === undefined) return;
      reader.resume(leftOff.told);
      this.#fromMs = leftOff.fromMs;
      this.#isEven = leftOff.isEven;
      this.#skips = false;
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
      onRefused?.(error);
    } finally {
      this.#begun = true;
    }
  }

  #clusterKnown(): ClusterKnown {
    return this.#options.clusterKnown?.() ?? "known";
  }

  #record(flow: SeenFlow, fromMs: number, toMs: number): FlowRecord {
    const { verdict, nodeName, namer, judgeStaged } = this.#options;
    const source = namer.name(flow.source, fromMs, toMs);
    const destination = namer.name(flow.destination, fromMs, toMs);
    const { protocol, port, packets: count } = flow;
    const denied = this.#denied(flow, source, destination);
    const record: FlowRecord = {
      kind: "Flow",
      verdict,
      node: nodeName,
      source: source.end,
      destination: destination.end,
      protocol,
      port,
      count,
      from: new Date(fromMs).toISOString(),
      to: new Date(toMs).toISOString(),
      ...(denied && { denied }),
    };
    return judgeStaged?.(record) ?? record;
  }

  #denied(flow: SeenFlow, source: NamedEnd, destination: NamedEnd): DeniedBy | undefined {
    const { direction, protocol, port } = flow;
    if (direction === undefined) return undefined;
    if (flow.reason === "unprogrammed") return unprogrammed(direction);
    // The kernel's word, and no more.
    if (this.#clusterKnown() === "unknown") return { direction, policies: [], reason: "no-match" };
    return this.#options.explainer.explain({
      direction,
      source: source.endpoint,
      destination: destination.endpoint,
      protocol,
      port,
    });
  }

  #rest(flows: readonly SeenFlow[]): readonly RestOfFlows[] {
    const { verdict } = this.#options;
    return ([undefined, "Egress", "Ingress"] as const).flatMap((direction) => {
      const these = flows.filter((flow) => flow.direction === direction);
      if (these.length === 0) return [];
      const count = these.reduce((sum, flow) => sum + flow.packets, 0);
      return [{ verdict, ...(direction && { direction }), flows: these.length, count }];
    });
  }
}

function mostFirst(a: SeenFlow, b: SeenFlow): number {
  if (a.packets !== b.packets) return b.packets - a.packets;
  return seenFlowKey(a) < seenFlowKey(b) ? -1 : 1;
}
