import { type DeniedBy, type FlowRecord, unprogrammed } from "@portcullis/engine";
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
}

/** Reads what the kernel counted since the last reading; the first time all that it knows of. */
export interface FlowReader {
  read(): Promise<readonly SeenFlow[]>;
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

/** Looks what the kernel counted, and says of whose pods it is and why. Looks must not overlap. */
export class FlowWatch {
  readonly #options: FlowWatchOptions;
  #fromMs: number;
  #first = true;

  constructor(options: FlowWatchOptions) {
    this.#options = options;
    this.#fromMs = options.now();
  }

  /**
   * The first look gives none: what the kernel knows of by then was counted before this process watched, and its
   * predecessor has told it.
   * @throws what the reader throws; the next look then covers the time since the last that succeeded.
   */
  async look(): Promise<Look> {
    const { reader, now, mostExplained } = this.#options;
    const seen = await reader.read();
    const toMs = now();
    // A clock that was set back.
    const fromMs = Math.min(this.#fromMs, toMs);
    this.#fromMs = toMs;
    const news = this.#first ? [] : [...seen].sort(mostFirst);
    this.#first = false;
    const records: FlowRecord[] = [];
    const breather = new Breather();
    for (const flow of news.slice(0, mostExplained)) {
      records.push(this.#record(flow, fromMs, toMs));
      await breather.breathe();
    }
    return {
      records,
      rest: this.#rest(news.slice(mostExplained)),
      full: reader.full,
    };
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
