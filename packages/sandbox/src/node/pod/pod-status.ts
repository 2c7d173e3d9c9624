import { clusterNetwork } from "../../cluster-network.ts";
import { timestamp } from "../../events/event-object.ts";
import { ofThisMachine } from "../../ipv6.ts";
import { type ContainerView, containerStatus } from "../container/container-status.ts";
import { podConditions } from "./pod-conditions.ts";
import { podPhase } from "./pod-phase.ts";
import { qosClass } from "./qos-class.ts";
import type { RawCondition, RawPod } from "./raw-pod.ts";

export interface PodView {
  readonly pod: RawPod;
  readonly addresses: readonly string[];
  readonly startTime: Date;
  readonly containers: readonly ContainerView[];
  readonly initContainers: readonly ContainerView[];
  /** Why the pod has no network; then nothing of it runs. */
  readonly networkError?: string;
  /** It was ended for good, whatever its containers did. */
  readonly failure?: { readonly reason: string; readonly message: string };
  /** Nothing of it runs any more, since it is being deleted. */
  readonly deleted?: boolean;
}

/**
 * core/v1 PodStatus of a pod on this node.
 * @param former The conditions as they were told last: a condition's time is that of its last change.
 */
export function podStatus(
  view: PodView,
  former: readonly RawCondition[],
  now: Date,
): Readonly<Record<string, unknown>> & { readonly conditions: readonly RawCondition[] } {
  const { pod, addresses, containers, initContainers, networkError, failure } = view;
  const notes = containers.flatMap(({ note }) => (note === undefined ? [] : [note]));
  const message = networkError ?? failure?.message ?? notes.join("; ");
  const reason = networkError === undefined ? failure?.reason : "NetworkNotReady";
  const phase = podPhase(view);
  return {
    ...(pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation }),
    phase,
    conditions: podConditions(view, phase, former, now),
    ...(message === "" ? {} : { message }),
    ...(reason === undefined ? {} : { reason }),
    hostIP: clusterNetwork.nodeAddresses[0],
    hostIPs: ofThisMachine(clusterNetwork.nodeAddresses).map((ip) => ({ ip })),
    ...(addresses.length > 0 ? { podIP: addresses[0], podIPs: addresses.map((ip) => ({ ip })) } : {}),
    startTime: timestamp(view.startTime),
    ...(initContainers.length > 0 ? { initContainerStatuses: initContainers.map(containerStatus) } : {}),
    containerStatuses: [...containers].sort(byName).map(containerStatus),
    qosClass: qosClass(pod.spec),
  };
}

const byName = (a: ContainerView, b: ContainerView): number => (a.name < b.name ? -1 : 1);
