import type { FlowEnd, FlowRecord } from "./flow-record.ts";

/** `end("10.0.0.1", "shop/web", "Deployment/web")`. */
export function end(address: string, pod?: string, workload?: string): FlowEnd {
  if (pod === undefined) return { address };
  const [namespace = "", name = ""] = pod.split("/");
  return { address, pod: { namespace, name, ...(workload !== undefined && { workload }) } };
}

export function record(
  source: FlowEnd,
  destination: FlowEnd,
  port: number,
  more: Partial<FlowRecord> = {},
): FlowRecord {
  return {
    kind: "Flow",
    verdict: "allowed",
    node: "n1",
    source,
    destination,
    protocol: "TCP",
    port,
    count: 1,
    from: "2026-01-31T12:00:00Z",
    to: "2026-01-31T12:00:10Z",
    ...more,
  };
}
