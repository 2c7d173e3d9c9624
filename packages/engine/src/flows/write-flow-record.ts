import type { FlowEnd, FlowPod, FlowRecord } from "./flow-record.ts";

/** The record as one line of JSON with its line feed. Equal records are equal lines, whatever made them. */
export function flowLine({ source, destination, denied, ...record }: FlowRecord): string {
  const { kind, verdict, node, protocol, port, count, from, to } = record;
  const ordered = {
    kind,
    verdict,
    node,
    source: endJson(source),
    destination: endJson(destination),
    protocol,
    port,
    count,
    from,
    to,
    ...(denied && {
      denied: {
        direction: denied.direction,
        policies: denied.policies,
        reason: denied.reason,
        ...(denied.nearest !== undefined && { nearest: denied.nearest }),
      },
    }),
  };
  return `${JSON.stringify(ordered)}\n`;
}

function endJson({ address, pod, formerly, node }: FlowEnd) {
  return {
    address,
    ...(pod && { pod: podJson(pod) }),
    ...(formerly && { formerly: formerly.map(podJson) }),
    ...(node !== undefined && { node }),
  };
}

function podJson({ namespace, name, workload }: FlowPod) {
  return { namespace, name, ...(workload !== undefined && { workload }) };
}
