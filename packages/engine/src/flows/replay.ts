import type { Cluster } from "../cluster/cluster.ts";
import { wayText } from "../report/way.ts";
import type { Verdict } from "../verdict/verdict.ts";
import { acrossNodes } from "./across-nodes.ts";
import { deniedBy } from "./denied-by.ts";
import { type EndName, endName, endNameText } from "./end-name.ts";
import { FlowJudge, type FlowJudgement } from "./flow-judge.ts";
import type { DeniedBy, FlowRecord } from "./flow-record.ts";

/** What recorded flows would meet now. */
export interface Replay {
  /** All flows that were given, and their connections (of denied ones: packets). */
  readonly recorded: FlowCount;
  /** Passed when they were recorded, and would be denied. By source, destination, protocol and port. */
  readonly denied: readonly NowDenied[];
  /** Were denied, and would pass. */
  readonly allowed: readonly NowAllowed[];
  readonly stillAllowed: FlowCount;
  readonly stillDenied: FlowCount;
  /** By reason. */
  readonly notJudged: readonly (FlowCount & { readonly because: string })[];
}

export interface FlowCount {
  /** Flows: alike in both ends' addresses, protocol and port. */
  readonly flows: number;
  /** First packets. */
  readonly connections: number;
}

/** Flows between two workloads, or single ends, at one port. */
export interface ReplayedFlows extends FlowCount {
  readonly source: EndName;
  readonly destination: EndName;
  readonly protocol: string;
  readonly port: number;
  /** RFC 3339. */
  readonly from: string;
  readonly to: string;
}

export interface NowDenied extends ReplayedFlows {
  /** The sides that would deny, egress first. */
  readonly denied: readonly DeniedBy[];
}

export interface NowAllowed extends ReplayedFlows {
  /** Why each side lets it pass: `data/db ingress[0] (db.yaml:9)`, `not isolated`. */
  readonly egress: string;
  readonly ingress: string;
}

/** Judges recorded flows by the policies of a cluster: the present one, or the one that edited manifests describe. */
export function replay(cluster: Cluster, records: Iterable<FlowRecord>): Replay {
  return replayFlows(cluster, acrossNodes(records));
}

/** As `replay`, of flows that have one record each, as `acrossNodes` makes them: for who judges the same flows often. */
export function replayFlows(cluster: Cluster, flows: readonly FlowRecord[]): Replay {
  const judge = new FlowJudge(cluster);
  const recorded = new Count();
  const still = { allowed: new Count(), denied: new Count() };
  const denied = new Groups<Pick<NowDenied, "denied">>();
  const allowed = new Groups<Pick<NowAllowed, "egress" | "ingress">>();
  const notJudged = new Map<string, Count>();
  for (const record of flows) {
    recorded.add(record);
    const judgement = judge.judge(record);
    const because = whyNot(record, judgement);
    if (because !== undefined) {
      const count = notJudged.get(because) ?? new Count();
      notJudged.set(because, count);
      count.add(record);
      continue;
    }
    const before = record.verdict === "allowed";
    if (judgement.kind !== "judged" || judgement.verdict.allowed === before)
      still[before ? "allowed" : "denied"].add(record);
    else if (before) denied.add(record, judgement, { denied: denials(judgement.verdict) });
    else allowed.add(record, judgement, ways(judgement.verdict));
  }
  return {
    recorded: recorded.value,
    denied: denied.list(),
    allowed: allowed.list(),
    stillAllowed: still.allowed.value,
    stillDenied: still.denied.value,
    notJudged: [...notJudged.keys()].sort().map((key) => ({ because: key, ...notJudged.get(key)!.value })),
  };
}

/** A drop that no policy decided says nothing of policies. */
function whyNot({ verdict, denied }: FlowRecord, judgement: FlowJudgement): string | undefined {
  if (judgement.kind === "unknown") return judgement.because;
  if (verdict === "denied" && denied?.reason === "unprogrammed")
    return "dropped before its pod was programmed, whatever its policies";
  return undefined;
}

function denials({ egress, ingress }: Verdict): readonly DeniedBy[] {
  return [egress, ingress].filter(({ allowed }) => !allowed).map(deniedBy);
}

function ways({ egress, ingress }: Verdict) {
  return { egress: wayText(egress), ingress: wayText(ingress) };
}

class Count {
  value: FlowCount = { flows: 0, connections: 0 };

  add({ count }: FlowRecord): void {
    const { flows, connections } = this.value;
    this.value = { flows: flows + 1, connections: Math.min(Number.MAX_SAFE_INTEGER, connections + count) };
  }
}

/** Flows of the same workloads at the same port that are judged for the same reasons are one. */
class Groups<Reasons extends object> {
  readonly #groups = new Map<string, ReplayedFlows & Reasons>();

  add(record: FlowRecord, judgement: FlowJudgement & { readonly kind: "judged" }, reasons: Reasons): void {
    const { protocol, port, from, to } = record;
    const source = endName(record.source, judgement.source);
    const destination = endName(record.destination, judgement.destination);
    const key = JSON.stringify([source, destination, protocol, port, reasons]);
    const known = this.#groups.get(key);
    const count = new Count();
    if (known !== undefined) count.value = known;
    count.add(record);
    this.#groups.set(key, {
      source,
      destination,
      protocol,
      port,
      ...count.value,
      from: known !== undefined && Date.parse(known.from) <= Date.parse(from) ? known.from : from,
      to: known !== undefined && Date.parse(known.to) >= Date.parse(to) ? known.to : to,
      ...reasons,
    });
  }

  list(): readonly (ReplayedFlows & Reasons)[] {
    const keyed = [...this.#groups].map(([key, flows]) => ({ key, flows, text: sortText(flows) }));
    keyed.sort((a, b) => compare(a.text, b.text) || a.flows.port - b.flows.port || compare(a.key, b.key));
    return keyed.map(({ flows }) => flows);
  }
}

const sortText = ({ source, destination, protocol }: ReplayedFlows): string =>
  `${endNameText(source)} ${endNameText(destination)} ${protocol}`;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
