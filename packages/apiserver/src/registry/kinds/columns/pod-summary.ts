import type { ApiObject } from "../../../api-object.ts";
import { asList, asRecord, asString, isRecord } from "../../../json.ts";
import { asNumber } from "./columns.ts";
import { hasCondition } from "./conditions.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A pod in one line, as `kubectl get pods` sums it up. */
export interface PodSummary {
  readonly ready: number;
  readonly total: number;
  /** `Running`, `Init:0/1`, `CrashLoopBackOff`, `Terminating`, … */
  readonly status: string;
  readonly restarts: number;
  /** When the last container ended that was started again; "" when none was. */
  readonly lastRestart: string;
}

/**
 * A pod that is being initialised is told by its init containers; any other by its containers, where the first one with
 * something to say decides. Sidecars (init containers that restart always) count with the containers.
 */
export function podSummary(pod: ApiObject): PodSummary {
  const [spec, status] = [asRecord(pod.spec), asRecord(pod.status)];
  const init = initSummary(
    asList(status.initContainerStatuses).map(asRecord),
    asList(spec.initContainers).map(asRecord),
  );
  const containers = asList(status.containerStatuses).map(asRecord);
  const phase = asString(status.phase);
  const gated = asList(status.conditions)
    .map(asRecord)
    .some(({ type, reason }) => type === "PodScheduled" && reason === "SchedulingGated");
  let reason = gated ? "SchedulingGated" : asString(status.reason) || phase;
  let ready = init.readySidecars;
  let counted = init.all;
  if (init.reason !== undefined) reason = init.reason;
  if (init.reason === undefined || hasCondition(pod, "Initialized")) {
    const running = containers.filter(
      (each) => each.ready === true && isRecord(asRecord(each.state).running),
    );
    ready += running.length;
    counted = [...init.sidecars, ...containers];
    reason = containers.map(troubleOf).find((trouble) => trouble !== undefined) ?? reason;
    if (reason === "Completed" && running.length > 0) {
      reason = hasCondition(pod, "Ready") ? "Running" : "NotReady";
    }
  }
  if (pod.metadata.deletionTimestamp !== undefined) {
    if (status.reason === "NodeLost") reason = "Unknown";
    else if (phase !== "Succeeded" && phase !== "Failed") reason = "Terminating";
  }
  return {
    ready,
    total:
      asList(spec.containers).length + asList(spec.initContainers).map(asRecord).filter(isSidecar).length,
    status: reason,
    restarts: counted.reduce((sum, each) => sum + asNumber(each.restartCount), 0),
    lastRestart: counted.map(lastEnd).sort().at(-1) ?? "",
  };
}

interface InitSummary {
  /** Undefined when all are done. */
  readonly reason: string | undefined;
  readonly readySidecars: number;
  /** Those that were looked at, and the sidecars of them. */
  readonly all: readonly Fields[];
  readonly sidecars: readonly Fields[];
}

/** Looks at init containers in order, up to the first that has work to do. */
function initSummary(statuses: readonly Fields[], specs: readonly Fields[]): InitSummary {
  const all: Fields[] = [];
  const sidecars: Fields[] = [];
  let readySidecars = 0;
  for (const [index, each] of statuses.entries()) {
    const state = asRecord(each.state);
    const sidecar = specs.some((spec) => spec.name === each.name && isSidecar(spec));
    all.push(each);
    if (sidecar) sidecars.push(each);
    if (asRecord(state.terminated).exitCode === 0) continue;
    if (sidecar && each.started === true) {
      if (each.ready === true) readySidecars++;
      continue;
    }
    const waiting = asString(asRecord(state.waiting).reason);
    const trouble = isRecord(state.terminated)
      ? endReason(state.terminated)
      : waiting !== "" && waiting !== "PodInitializing"
        ? waiting
        : `${index}/${specs.length}`;
    return { reason: `Init:${trouble}`, readySidecars, all, sidecars };
  }
  return { reason: undefined, readySidecars, all, sidecars };
}

function isSidecar(container: Fields): boolean {
  return container.restartPolicy === "Always";
}

/** Why the container does not run; undefined when it does or there is nothing to say. */
function troubleOf(container: Fields): string | undefined {
  const { waiting, terminated } = asRecord(container.state);
  const reason = asString(asRecord(waiting).reason);
  if (reason !== "") return reason;
  return isRecord(terminated) ? endReason(terminated) : undefined;
}

function endReason({ reason, signal, exitCode }: Fields): string {
  if (asString(reason) !== "") return asString(reason);
  return asNumber(signal) !== 0 ? `Signal:${signal}` : `ExitCode:${asNumber(exitCode)}`;
}

function lastEnd(container: Fields): string {
  return asString(asRecord(asRecord(container.lastState).terminated).finishedAt);
}
