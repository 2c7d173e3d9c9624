import type { Cluster } from "../cluster/cluster.ts";
import type { Endpoint, Verdict } from "../verdict/verdict.ts";
import { flowProtocol } from "./flow-protocol.ts";
import type { FlowRecord } from "./flow-record.ts";
import { type RecordedEnd, RecordedEnds } from "./recorded-ends.ts";

export type FlowJudgement =
  /** `verdict` is the first denial, when the ends can be several pods that are judged differently. */
  | {
      readonly kind: "judged";
      readonly verdict: Verdict;
      readonly source: RecordedEnd;
      readonly destination: RecordedEnd;
    }
  /** A node to a pod of its own: always allowed, and not judged by the place where the pod is today. */
  | { readonly kind: "own-node" }
  /** A sentence without an end. */
  | { readonly kind: "unknown"; readonly because: string };

/** Judges recorded flows by the policies of a cluster as it is now. */
export class FlowJudge {
  readonly #cluster: Cluster;
  readonly #ends: RecordedEnds;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#ends = new RecordedEnds(cluster);
  }

  judge(record: FlowRecord): FlowJudgement {
    if (isOwnNode(record)) return { kind: "own-node" };
    const source = this.#ends.find(record.source);
    const destination = this.#ends.find(record.destination);
    for (const end of [source, destination])
      if (end.kind === "gone") return { kind: "unknown", because: `there is ${end.what}` };
    if (source.kind === "address" && destination.kind === "address")
      return { kind: "unknown", because: "neither end is a pod of this cluster" };
    const verdicts = endpoints(source).flatMap((from) =>
      endpoints(destination).map((to) =>
        this.#cluster.evaluate({
          source: from,
          destination: to,
          protocol: flowProtocol(record.protocol),
          port: record.port,
        }),
      ),
    );
    return {
      kind: "judged",
      verdict: verdicts.find(({ allowed }) => !allowed) ?? verdicts[0]!,
      source,
      destination,
    };
  }
}

/** What comes from a node and concerns a pod was recorded where the pod is. */
function isOwnNode({ node, source, destination }: FlowRecord): boolean {
  return source.pod === undefined && source.node === node && destination.node === undefined;
}

function endpoints(end: RecordedEnd): readonly Endpoint[] {
  if (end.kind === "gone") return [];
  return end.kind === "address" ? [end.endpoint] : end.choices.map(({ endpoint }) => endpoint);
}
