import { clusterNetwork } from "../cluster-network.ts";
import { ofThisMachine } from "../ipv6.ts";
import type { ContainerState, Terminated } from "./container-runner.ts";

/** A container as its pod's status tells it. */
export interface ContainerView {
  readonly name: string;
  readonly image: string;
  readonly state: ContainerState;
  readonly last?: Terminated;
  readonly restartCount: number;
  readonly note?: string;
}

export interface PodView {
  readonly addresses: readonly string[];
  readonly startTime: Date;
  readonly containers: readonly ContainerView[];
  /** Why the pod has no network; then nothing of it runs. */
  readonly networkError?: string;
}

/** core/v1 PodStatus of a pod on this node. */
export function podStatus(view: PodView): Readonly<Record<string, unknown>> {
  const { addresses, containers, networkError } = view;
  const ready = containers.length > 0 && containers.every(isReady);
  const unready = containers.filter((container) => !isReady(container)).map(({ name }) => name);
  const notes = containers.flatMap(({ note }) => (note === undefined ? [] : [note]));
  const message = networkError ?? notes.join("; ");
  const started = view.startTime.toISOString();
  const condition = (type: string, status: boolean, more: Readonly<Record<string, string>> = {}) => ({
    type,
    status: status ? "True" : "False",
    lastTransitionTime: started,
    ...more,
  });
  const why = ready
    ? {}
    : { reason: "ContainersNotReady", message: `containers with unready status: [${unready.join(" ")}]` };
  return {
    phase: phaseOf(containers),
    conditions: [
      condition("PodScheduled", true),
      condition("Initialized", true),
      condition("ContainersReady", ready, why),
      condition("Ready", ready, why),
    ],
    hostIP: clusterNetwork.nodeAddresses[0],
    hostIPs: ofThisMachine(clusterNetwork.nodeAddresses).map((ip) => ({ ip })),
    ...(addresses.length > 0 ? { podIP: addresses[0], podIPs: addresses.map((ip) => ({ ip })) } : {}),
    startTime: started,
    qosClass: "BestEffort",
    ...(networkError === undefined ? {} : { reason: "NetworkNotReady" }),
    ...(message === "" ? {} : { message }),
    containerStatuses: containers.map(containerStatus),
  };
}

const isReady = ({ state }: ContainerView): boolean => state.kind === "running" && state.ready;

/** As the API reference defines the phases (PodStatus.phase). */
function phaseOf(containers: readonly ContainerView[]): string {
  if (containers.length === 0) return "Pending";
  if (containers.every(({ state }) => state.kind === "terminated")) {
    const failed = containers.some(({ state }) => state.kind === "terminated" && state.exitCode !== 0);
    return failed ? "Failed" : "Succeeded";
  }
  const begun = containers.every(({ state, last }) => state.kind !== "waiting" || last !== undefined);
  return begun ? "Running" : "Pending";
}

function containerStatus(container: ContainerView) {
  const { name, image, state, last, restartCount } = container;
  return {
    name,
    image,
    imageID: "",
    ready: isReady(container),
    started: state.kind === "running",
    restartCount,
    state: stateOf(state),
    lastState: last === undefined ? {} : stateOf(last),
  };
}

function stateOf(state: ContainerState) {
  if (state.kind === "waiting") {
    const { reason, message } = state;
    return { waiting: { reason, ...(message === undefined ? {} : { message }) } };
  }
  if (state.kind === "running") return { running: { startedAt: state.startedAt.toISOString() } };
  const { exitCode, reason, message } = state;
  return {
    terminated: {
      exitCode,
      reason,
      ...(message === "" ? {} : { message }),
      startedAt: state.startedAt.toISOString(),
      finishedAt: state.finishedAt.toISOString(),
    },
  };
}
