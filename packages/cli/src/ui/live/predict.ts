import {
  type Cluster,
  type Endpoint,
  type FlowEnd,
  type FlowProtocol,
  type FlowRecord,
  parseAddress,
  type Verdict,
} from "@portcullis/engine";

const protocols: readonly string[] = ["TCP", "UDP", "SCTP", "ICMP"] satisfies readonly FlowProtocol[];

/** What the engine makes of a flow that was seen, by the objects of now; undefined when it cannot tell. */
export function predictRecord(cluster: Cluster, record: FlowRecord): Verdict | undefined {
  const { source, destination, protocol, port } = record;
  if (!protocols.includes(protocol)) return undefined;
  const [from, to] = [endOf(cluster, source), endOf(cluster, destination)];
  if (from === undefined || to === undefined) return undefined;
  return cluster.evaluate({ source: from, destination: to, protocol: protocol as FlowProtocol, port });
}

/** The pod while it is there; an address that was a pod's and is nobody's now says nothing. */
function endOf(cluster: Cluster, { pod, address: text }: FlowEnd): Endpoint | undefined {
  const address = parseAddress(text);
  if (address === undefined) return undefined;
  if (pod === undefined) return { address };
  const known = cluster.get("Pod", pod.namespace, pod.name);
  return known === undefined ? undefined : { pod: known, address };
}
