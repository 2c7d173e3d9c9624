import {
  type BackendAccess,
  type Cluster,
  type Exposure,
  exposure,
  ingressAccess,
  ingressBackends,
  type Pod,
} from "@portcullis/engine";
import { sourcesOf } from "../can/find-peer.ts";
import type { PeerRef } from "../input/peer.ts";
import { controllerPods } from "./controller-pods.ts";

export interface ExposureAnswer {
  readonly exposure: Exposure;
  /** Of the Ingress objects. */
  readonly ingresses: readonly BackendAccess[];
}

/**
 * The exposure of some workloads, of all when none are named, and what the ingress controller gets to. Fails with CliError
 * (exit code 2) when a workload does not exist.
 */
export function exposureOf(
  cluster: Cluster,
  others: readonly unknown[],
  peers: readonly PeerRef[],
  controller: PeerRef | undefined,
): ExposureAnswer {
  const shown = new Set(
    peers.flatMap((peer) => sourcesOf(cluster, peer).flatMap(({ endpoint }) => endpoint.pod ?? [])),
  );
  const isShown = (pod: Pod) => peers.length === 0 || shown.has(pod);
  const controllers = controller === undefined ? [] : controllerPods(cluster, controller);
  const accesses = ingressAccess(cluster, ingressBackends(others), controllers);
  return {
    exposure: exposure(cluster, isShown),
    ingresses: accesses.filter(({ pods }) => peers.length === 0 || pods.some(({ pod }) => shown.has(pod))),
  };
}
