import { type Cluster, type FlowRecord, flowProtocol, parseAddress, stagedDenial } from "@portcullis/engine";

/** Tells what the staged policies of a cluster would do to flows that were recorded as allowed, as they are recorded. */
export class StagedJudge {
  readonly #cluster: Cluster;

  /** `cluster` is the agent's own: it holds the staged policies beside those in force. */
  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /**
   * The record of the same connections as `would-be-denied`, with the staged policies that would drop them; undefined when
   * they would let them pass. For new records: both ends are taken for whoever has the addresses now.
   */
  judge(record: FlowRecord): FlowRecord | undefined {
    if (record.verdict !== "allowed" || !this.#cluster.hasStaged) return undefined;
    const source = parseAddress(record.source.address);
    const destination = parseAddress(record.destination.address);
    if (source === undefined || destination === undefined) return undefined;
    const { protocol, port } = record;
    const denied = stagedDenial(this.#cluster, {
      source: { address: source },
      destination: { address: destination },
      protocol: flowProtocol(protocol),
      port,
    });
    return denied && { ...record, verdict: "would-be-denied", denied };
  }
}
