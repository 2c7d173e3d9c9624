import type { Cluster } from "../cluster/cluster.ts";
import type { ConnectionChange } from "../diff/connection-changes.ts";
import { connectionDiff, type DiffOptions } from "../diff/connection-diff.ts";
import { addressFromValue } from "../net/address.ts";
import type { PortSet } from "../net/port-set.ts";
import type { ListedPeer } from "../reach/listed-peer.ts";
import type { Endpoint, Flow } from "../verdict/verdict.ts";
import type { FlowDifference } from "./flow-difference.ts";

/**
 * A flow between pods of both clusters, or between one of them and an address outside, that the two judge differently;
 * undefined when there is none. With `onlyExcess`: one that `b` allows and `a` denies.
 */
export function differenceForPods(
  a: Cluster,
  b: Cluster,
  { onlyExcess = false, ...options }: DiffOptions & { readonly onlyExcess?: boolean } = {},
): FlowDifference | undefined {
  for (const change of connectionDiff(a, b, options).changes) {
    for (const ports of onlyExcess ? [change.opened] : [change.opened, change.closed]) {
      const found = ports.isEmpty ? undefined : exampleOf(change, ports, a, b);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** A node may always reach its own pods, so that a change of policies need not change every flow. */
function exampleOf(
  { source, destination }: ConnectionChange,
  ports: PortSet,
  a: Cluster,
  b: Cluster,
): FlowDifference | undefined {
  for (const from of endsOf(source, a, b)) {
    for (const to of endsOf(destination, a, b)) {
      const flow: Flow = { source: from, destination: to, ...somePort(ports) };
      const [byA, byB] = [a.evaluate(flow), b.evaluate(flow)];
      if (byA.allowed !== byB.allowed) return { flow: byB.flow, namespaces: [], a: byA, b: byB };
    }
  }
  return undefined;
}

/** Members that are tried. */
const tried = 8;

function endsOf(peer: ListedPeer, a: Cluster, b: Cluster): readonly Endpoint[] {
  if (peer.kind === "pods") return peer.pods.slice(0, tried).map((pod) => ({ pod }));
  const ends: Endpoint[] = [];
  for (const { family, first, last } of peer.cidrs) {
    for (let value = first; value <= last && ends.length < tried; value++) {
      const address = addressFromValue(family, value);
      const owned = [a, b].some((cluster) => cluster.podByAddress(address) ?? cluster.nodeByAddress(address));
      if (!owned) ends.push({ address });
    }
  }
  return ends;
}

function somePort({ ranges }: PortSet): Pick<Flow, "protocol" | "port"> {
  const range = ranges.find(({ protocol }) => protocol === "TCP") ?? ranges[0];
  return range === undefined ? { protocol: "ICMP", port: 0 } : { protocol: range.protocol, port: range.from };
}
