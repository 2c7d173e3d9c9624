import type { FlowRecord } from "./flow-record.ts";
import { FlowTable, flowKey, sortFlows } from "./flow-table.ts";

/**
 * One record for each flow that was let pass or denied, whoever told of it. A connection between pods of two nodes is seen
 * by both, so counts of different nodes are not added: the greater one stands. What staged policies would deny has passed,
 * and is told in place of the record that would say so. What one node let out, and another did not let in, has not passed.
 */
export function acrossNodes(records: Iterable<FlowRecord>): readonly FlowRecord[] {
  const perNode = new FlowTable();
  for (const record of records) perNode.add(passed(record));
  const told = perNode.list();
  const notLetIn = new Map<string, Set<string>>();
  for (const record of told) if (isNotLetIn(record)) noteNode(notLetIn, record);
  const flows = new Map<string, FlowRecord>();
  for (const seen of told) {
    const refusing = seen.verdict === "allowed" ? notLetIn.get(packetKey(seen)) : undefined;
    // A node that refused it at one time and let it in at another has let it in.
    if (refusing !== undefined && !refusing.has(seen.node)) continue;
    // Of a node's own packets only that node tells, and which node it is matters.
    const key = flowKey(seen.source.node === undefined ? { ...seen, node: "" } : seen);
    const known = flows.get(key);
    flows.set(key, known === undefined ? seen : widest(known, seen));
  }
  return sortFlows(flows.values());
}

const isNotLetIn = ({ verdict, denied }: FlowRecord): boolean =>
  verdict === "denied" && denied?.direction === "Ingress";

function noteNode(nodes: Map<string, Set<string>>, record: FlowRecord): void {
  const key = packetKey(record);
  const known = nodes.get(key);
  if (known === undefined) nodes.set(key, new Set([record.node]));
  else known.add(record.node);
}

/** What all nodes see of a packet alike. */
function packetKey({ source, destination, protocol, port }: FlowRecord): string {
  return `${source.address} ${destination.address} ${protocol} ${port}`;
}

function passed({ denied, ...record }: FlowRecord): FlowRecord {
  if (record.verdict === "would-be-denied") return { ...record, verdict: "allowed" };
  return { ...record, ...(denied && { denied }) };
}

function widest(one: FlowRecord, other: FlowRecord): FlowRecord {
  return {
    ...one,
    count: Math.max(one.count, other.count),
    from: Date.parse(other.from) < Date.parse(one.from) ? other.from : one.from,
    to: Date.parse(other.to) > Date.parse(one.to) ? other.to : one.to,
  };
}
