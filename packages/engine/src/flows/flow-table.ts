import { parseAddress } from "../net/address.ts";
import type { FlowEnd, FlowPod, FlowRecord } from "./flow-record.ts";

/**
 * Flow records with those of the same flow made one: counts added, `from` and `to` widened, the latest denial kept. What
 * it holds grows with the number of flows, not of records, and does not depend on the order in which they came.
 */
export class FlowTable {
  readonly #flows = new Map<string, Summed>();

  get size(): number {
    return this.#flows.size;
  }

  add(record: FlowRecord): void {
    const key = flowKey(record);
    const known = this.#flows.get(key);
    if (known === undefined) {
      this.#flows.set(key, { latest: record, count: record.count, from: record.from, to: record.to });
      return;
    }
    known.count = Math.min(Number.MAX_SAFE_INTEGER, known.count + record.count);
    if (compareTimes(record.from, known.from) < 0) known.from = record.from;
    if (compareTimes(record.to, known.to) > 0) known.to = record.to;
    if (compareTold(record, known.latest) > 0) known.latest = record;
  }

  /** By verdict, source, destination, protocol, port and node. */
  list(): readonly FlowRecord[] {
    const flows = [...this.#flows.values()];
    return sortFlows(flows.map(({ latest, count, from, to }) => ({ ...latest, count, from, to })));
  }
}

interface Summed {
  /** The record that told last why the flow was denied. */
  latest: FlowRecord;
  count: number;
  from: string;
  to: string;
}

/** Which record is the one to believe about the denial; of equally late ones it is settled by what they say. */
function compareTold(a: FlowRecord, b: FlowRecord): number {
  if ((a.denied === undefined) !== (b.denied === undefined)) return a.denied === undefined ? -1 : 1;
  return (
    compareTimes(a.to, b.to) || compareTexts(JSON.stringify(a.denied) ?? "", JSON.stringify(b.denied) ?? "")
  );
}

/** By the moment; the same moment in two time zones by the text. */
function compareTimes(a: string, b: string): number {
  return Date.parse(a) - Date.parse(b) || compareTexts(a, b);
}

/** Equal for records of the same flow that were judged alike on the same node. */
export function flowKey({ verdict, node, source, destination, protocol, port }: FlowRecord): string {
  return JSON.stringify([verdict, node, endKey(source), endKey(destination), protocol, port]);
}

function endKey({ address, pod, formerly = [], node = "" }: FlowEnd) {
  return [address, podKey(pod), formerly.map(podKey), node];
}

const podKey = (pod: FlowPod | undefined): string =>
  pod === undefined ? "" : `${pod.namespace}/${pod.name} ${pod.workload ?? ""}`;

/** By verdict, source, destination, protocol, port and node: pods by name before addresses by number. */
export function sortFlows(records: Iterable<FlowRecord>): readonly FlowRecord[] {
  const keyed = [...records].map((record) => ({ record, text: sortText(record) }));
  return keyed.sort((a, b) => compareTexts(a.text, b.text)).map(({ record }) => record);
}

/** Nothing in it is below the space that parts it, and so a part that goes on comes after one that ends. */
function sortText(record: FlowRecord): string {
  const { verdict, source, destination, protocol, port } = record;
  const parts = [verdict, sortEnd(source), sortEnd(destination), protocol, String(port).padStart(5, "0")];
  return [...parts, flowKey(record)].join(" ");
}

function sortEnd({ address, pod }: FlowEnd): string {
  const { family, value } = parseAddress(address)!;
  return `${pod === undefined ? "b" : `a${podKey(pod)}`} ${family}${value.toString(16).padStart(32, "0")}`;
}

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
