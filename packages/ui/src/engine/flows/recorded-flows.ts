import {
  acrossNodes,
  type Cluster,
  endName,
  endNameText,
  FlowJudge,
  type FlowJudgement,
  type FlowRecord,
  flowPortText,
  type NowAllowed,
  type NowDenied,
  type Replay,
  reasonText,
  replayFlows,
  replaySummary,
  suggest,
  suggestionYaml,
  verdictJson,
} from "@portcullis/engine";
import type {
  BreakList,
  BreakRow,
  Breaks,
  BreakWhy,
  FlowFile,
  FlowVerdict,
  KeptFlows,
  ReadFlows,
} from "./flow-protocol.ts";
import { readFlowFiles } from "./read-flow-files.ts";

/** Rows that are handed over; more nobody reads one by one. */
const mostRows = 1_000;
const mostReasons = 20;

/** Recorded flows, held against what is there and what a draft makes of it. All that is said of them the engine says. */
export class RecordedFlows {
  #flows: readonly FlowRecord[] = [];
  #reads = 0;
  /** Those that are decided as they were recorded, by a base of that revision. */
  #asBefore: { readonly base: Cluster; readonly revision: number; readonly split: Split } | undefined;

  /** In place of those that were there; undefined when others are wanted by now. */
  async read(files: readonly FlowFile[]): Promise<ReadFlows | undefined> {
    const own = ++this.#reads;
    const found = await readFlowFiles(files, () => own !== this.#reads);
    if (found === undefined) return undefined;
    this.#flows = acrossNodes(found.flows);
    this.#asBefore = undefined;
    return found.read;
  }

  breaks(base: Cluster, draft: Cluster): Breaks {
    const { asBefore, otherwise } = this.#split(base);
    const found = replayFlows(draft, asBefore);
    return {
      summary: replaySummary(found),
      denied: listOf(found.denied),
      allowed: listOf(found.allowed),
      otherwise,
      notJudged: reasonsOf(found),
    };
  }

  /** Of the first flow of a row, which stands for the others. */
  why(key: string, base: Cluster, draft: Cluster): BreakWhy | undefined {
    const now = new FlowJudge(draft);
    for (const flow of this.#split(base).asBefore) {
      const judgement = now.judge(flow);
      if (!isChanged(flow, judgement) || keyOf(flow, judgement) !== key) continue;
      const [before, after] = [verdictOf(flow, new FlowJudge(base).judge(flow)), verdictOf(flow, judgement)];
      return { ...(before && { before }), ...(after && { now: after }) };
    }
    return undefined;
  }

  /** The smallest policies beside those of the draft that keep the flows of some rows, or of all. */
  keep(keys: readonly string[] | undefined, base: Cluster, draft: Cluster): KeptFlows {
    const judge = new FlowJudge(draft);
    const wanted = new Set(keys);
    const flows = this.#split(base).asBefore.filter(
      (flow) =>
        flow.verdict === "allowed" && (keys === undefined || wanted.has(keyOf(flow, judge.judge(flow)))),
    );
    const found = suggest(draft, flows, { directions: ["Ingress", "Egress"], onlyDenied: true });
    const rules = found.policies.flatMap(({ ingress, egress }) => [...ingress, ...egress]);
    return {
      text: [...suggestionYaml(found)].join(""),
      policies: found.policies.length,
      everyPort: rules.filter(({ ports }) => ports.length === 0).length,
    };
  }

  #split(base: Cluster): Split {
    const { revision } = base;
    if (this.#asBefore?.base !== base || this.#asBefore.revision !== revision)
      this.#asBefore = { base, revision, split: split(this.#flows, base) };
    return this.#asBefore.split;
  }
}

interface Split {
  readonly asBefore: readonly FlowRecord[];
  readonly otherwise: number;
}

/** What is decided otherwise without the draft already is no doing of the draft. What cannot be judged is left to say so. */
function split(flows: readonly FlowRecord[], base: Cluster): Split {
  const judge = new FlowJudge(base);
  const asBefore = flows.filter(
    (flow) => flow.denied?.reason === "unprogrammed" || !isChanged(flow, judge.judge(flow)),
  );
  return { asBefore, otherwise: flows.length - asBefore.length };
}

function isChanged({ verdict }: FlowRecord, judgement: FlowJudgement): boolean {
  return judgement.kind === "judged" && judgement.verdict.allowed !== (verdict === "allowed");
}

/** As `replay` names the ends of its groups. */
function keyOf({ source, destination, protocol, port }: FlowRecord, judgement: FlowJudgement): string {
  const [from, to] = judgement.kind === "judged" ? [judgement.source, judgement.destination] : [];
  return rowKey({ source: endName(source, from), destination: endName(destination, to), protocol, port });
}

type Grouped = Pick<NowDenied, "source" | "destination" | "protocol" | "port">;

const rowKey = ({ source, destination, protocol, port }: Grouped): string =>
  JSON.stringify([source, destination, protocol, port]);

function listOf(groups: readonly (NowDenied | NowAllowed)[]): BreakList {
  const newest = groups
    .map((group, at) => ({ group, at, last: Date.parse(group.to) }))
    .sort((a, b) => b.last - a.last || a.at - b.at);
  return {
    rows: newest.slice(0, mostRows).map(({ group }) => rowOf(group)),
    count: groups.length,
    flows: groups.reduce((sum, { flows }) => sum + flows, 0),
  };
}

function rowOf(group: NowDenied | NowAllowed): BreakRow {
  const { source, destination, flows, connections, to } = group;
  return {
    key: rowKey(group),
    source: endNameText(source),
    destination: endNameText(destination),
    port: flowPortText(group),
    flows,
    connections,
    last: to,
    because: reasonText(group),
  };
}

function reasonsOf({ notJudged }: Replay): Breaks["notJudged"] {
  return notJudged
    .map(({ because, flows }) => ({ because, flows }))
    .sort((a, b) => b.flows - a.flows)
    .slice(0, mostReasons);
}

/** A pod that is gone is judged as its workload would make it, and named after one that is there. */
function verdictOf(flow: FlowRecord, judgement: FlowJudgement): FlowVerdict | undefined {
  if (judgement.kind !== "judged") return undefined;
  const verdict = verdictJson(judgement.verdict);
  return {
    ...verdict,
    source: { ...verdict.source, ...presentName(judgement.source) },
    destination: { ...verdict.destination, ...presentName(judgement.destination) },
    portsText: flowPortText(flow),
  };
}

function presentName(end: (FlowJudgement & { readonly kind: "judged" })["source"]): {
  readonly pod?: string;
} {
  const known = end.kind === "pods" ? end.choices[0]?.known : undefined;
  return known === undefined ? {} : { pod: `${known.namespace}/${known.name}` };
}
