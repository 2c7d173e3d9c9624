import { timestamp } from "../../events/event-object.ts";
import type { ContainerState, Terminated } from "./container-state.ts";

/** A container as its pod's status tells it. */
export interface ContainerView {
  readonly name: string;
  readonly image: string;
  readonly state: ContainerState;
  readonly last?: Terminated;
  readonly restartCount: number;
  /** Of its present life, or of the last one; "" before the first. */
  readonly id: string;
  readonly started: boolean;
  readonly ready: boolean;
  /** An init container that goes on beside the others. */
  readonly sidecar: boolean;
  /** What runs in its place, when that is not the image. */
  readonly note?: string;
}

/** core/v1 ContainerStatus. */
export function containerStatus(container: ContainerView): Readonly<Record<string, unknown>> {
  const { name, image, state, last, restartCount, id } = container;
  const lived = state.kind !== "waiting" || last !== undefined;
  return {
    name,
    state: stateOf(state),
    lastState: last === undefined ? {} : stateOf(last),
    ready: container.ready,
    restartCount,
    image,
    imageID: lived ? `${scheme}${image}` : "",
    ...(lived ? { containerID: scheme + (state.kind === "waiting" ? last!.id : id) } : {}),
    started: container.started,
  };
}

const scheme = "portcullis://";

function stateOf(state: ContainerState) {
  if (state.kind === "waiting") {
    const { reason, message } = state;
    return { waiting: { reason, ...(message === undefined ? {} : { message }) } };
  }
  if (state.kind === "running") return { running: { startedAt: timestamp(state.startedAt) } };
  const { exitCode, reason, message } = state;
  return {
    terminated: {
      exitCode,
      reason,
      ...(message === "" ? {} : { message }),
      startedAt: timestamp(state.startedAt),
      finishedAt: timestamp(state.finishedAt),
      containerID: scheme + state.id,
    },
  };
}
