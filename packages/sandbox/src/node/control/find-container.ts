import type { PodRef } from "../../contract.ts";
import type { ContainerRunner } from "../container/container-runner.ts";
import type { Kubelet } from "../kubelet.ts";
import type { PodRunner } from "../pod/pod-runner.ts";
import { ControlRefusal } from "./control-refusal.ts";

/** @throws ControlRefusal */
export function findPod(kubelet: Kubelet, { namespace, name }: PodRef): PodRunner {
  const pod = kubelet.find(`${namespace}/${name}`);
  if (pod === undefined)
    throw new ControlRefusal(`pod ${namespace}/${name} does not exist, or has no network yet`);
  return pod;
}

/**
 * The container of that name, or the first one.
 * @throws ControlRefusal when there is none, or, unless `any` will do, when it does not run.
 */
export function findContainer(
  kubelet: Kubelet,
  request: PodRef & { readonly container?: string },
  which: "running" | "any" = "running",
): ContainerRunner {
  const pod = findPod(kubelet, request);
  const { container: name } = request;
  const container = pod.containers.find((each) => name === undefined || each.spec.name === name);
  const title = name === undefined ? `pod ${pod.key}` : `container ${name} of pod ${pod.key}`;
  if (container === undefined) throw new ControlRefusal(`${title} does not exist, or is not created yet`);
  const { state } = container;
  if (which === "running" && state.kind !== "running") {
    const why = [state.reason, state.message].filter((text) => text).join(": ");
    throw new ControlRefusal(`${title} is not running: ${why}`);
  }
  return container;
}
