import type { ApiObject } from "../api-object.ts";
import { asList, asRecord, asString } from "../json.ts";
import { StatusError } from "../status.ts";
import type { ContainerTarget, PodTarget } from "./pod-streams.ts";

// The sentences are those of the API server (registry/core/pod/strategy.go), because people look for them.

export function podTarget({ metadata }: ApiObject): PodTarget {
  return { namespace: metadata.namespace ?? "", name: metadata.name, uid: metadata.uid ?? "" };
}

/**
 * The container that a request names, or the pod's only one.
 * @throws StatusError BadRequest
 */
export function findContainer(pod: ApiObject, name: string): ContainerTarget {
  const spec = asRecord(pod.spec);
  const containers = names(spec.containers);
  const init = names(spec.initContainers);
  const all = [...containers, ...init, ...names(spec.ephemeralContainers)];
  const podName = pod.metadata.name;
  if (name === "") {
    if (containers.length === 1) return { ...podTarget(pod), container: containers[0]! };
    const others = init.length === 0 ? "" : ` or one of the init containers: [${init.join(" ")}]`;
    throw new StatusError(
      "BadRequest",
      `a container name must be specified for pod ${podName}, choose one of: [${containers.join(" ")}]${others}`,
    );
  }
  if (!all.includes(name))
    throw new StatusError("BadRequest", `container ${name} is not valid for pod ${podName}`);
  return { ...podTarget(pod), container: name };
}

/** @throws StatusError BadRequest before a pod is on a node. */
export function requireHost(pod: ApiObject): void {
  if (asString(asRecord(pod.spec).nodeName) === "")
    throw new StatusError("BadRequest", `pod ${pod.metadata.name} does not have a host assigned`);
}

/** A container's entry in the pod's status; empty when the node has not told of it yet. */
export function containerStatus(pod: ApiObject, container: string): Readonly<Record<string, unknown>> {
  const status = asRecord(pod.status);
  const lists = [status.containerStatuses, status.initContainerStatuses, status.ephemeralContainerStatuses];
  return asRecord(lists.flatMap((list) => asList(list)).find((entry) => asRecord(entry).name === container));
}

function names(list: unknown): string[] {
  return asList(list).map((entry) => asString(asRecord(entry).name));
}
