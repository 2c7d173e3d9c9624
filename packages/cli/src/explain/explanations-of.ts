import {
  type Cluster,
  explainWorkloads,
  type Pod,
  PodLister,
  type WorkloadExplanation,
} from "@portcullis/engine";
import { sourcesOf } from "../can/find-peer.ts";
import type { PeerRef } from "../input/peer.ts";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";

/**
 * Explains the peers' workloads, all of the cluster when there are none: each when it is asked for. Fails with CliError
 * (exit code 2) at once when a peer has no pods.
 */
export function explanationsOf(
  cluster: Cluster,
  peers: readonly PeerRef[],
  byPod: boolean,
): Iterable<WorkloadExplanation> {
  const shown = new Set(peers.flatMap((peer) => podsOf(cluster, peer)));
  const everybody = { cluster, reach: cluster.reachability(), lister: new PodLister(cluster, byPod) };
  return explainWorkloads(everybody, (pod) => peers.length === 0 || shown.has(pod));
}

function podsOf(cluster: Cluster, peer: PeerRef): readonly Pod[] {
  const pods = sourcesOf(cluster, peer).flatMap(({ endpoint: { pod, address } }) => {
    return pod ?? (address && cluster.podByAddress(address)) ?? [];
  });
  if (pods.length > 0) return pods;
  throw new CliError(exitCode.usage, "policies apply to pods, and no pod has this address");
}
