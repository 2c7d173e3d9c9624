import type { KubeObject } from "@portcullis/kube";
import { podFromTemplate } from "../objects/pod-from-template.ts";
import { isActive, isReady } from "../objects/pods.ts";
import type { PodObject } from "../objects/workload.ts";
import { indexAnnotation, isIndexed, type Job } from "./job-object.ts";

/** A job's pods by what has become of them. */
export interface JobPods {
  readonly active: readonly PodObject[];
  readonly ready: number;
  readonly terminating: number;
  /** Never fewer than were counted before: pods that have ended may be deleted. */
  readonly succeeded: number;
  readonly failed: number;
  /** Of an Indexed job. */
  readonly completed: ReadonlySet<number>;
  /** When the last one failed, in milliseconds; undefined when none has since the last success. */
  readonly lastFailure: number | undefined;
}

export function countPods(job: Job, pods: readonly PodObject[]): JobPods {
  const phase = (name: string) => pods.filter(({ status }) => status?.phase === name);
  const [succeeded, failed] = [phase("Succeeded"), phase("Failed")];
  const active = pods.filter(isActive);
  const completed = new Set([...indexesIn(job.status?.completedIndexes ?? ""), ...succeeded.map(indexOf)]);
  const ends = failed.map(endOf);
  return {
    active,
    ready: active.filter(isReady).length,
    terminating: pods.filter(
      ({ metadata, status }) =>
        metadata.deletionTimestamp !== undefined &&
        status?.phase !== "Succeeded" &&
        status?.phase !== "Failed",
    ).length,
    succeeded: isIndexed(job)
      ? [...completed].length
      : Math.max(job.status?.succeeded ?? 0, succeeded.length),
    failed: Math.max(job.status?.failed ?? 0, failed.length),
    completed: isIndexed(job) ? completed : new Set(),
    lastFailure: ends.length === 0 ? undefined : Math.max(...ends),
  };
}

export function indexOf({ metadata }: PodObject): number {
  return Number(metadata.annotations?.[indexAnnotation] ?? -1);
}

/** The condition changes when a pod ends; whole seconds are enough for a back-off. */
function endOf({ status, metadata }: PodObject): number {
  const times = (status?.conditions ?? []).map(({ lastTransitionTime }) =>
    Date.parse(lastTransitionTime ?? ""),
  );
  return Math.max(
    Date.parse(metadata.creationTimestamp ?? "") || 0,
    ...times.filter((time) => !Number.isNaN(time)),
  );
}

/** How often containers were started again in the pods that run: with restartPolicy OnFailure these count as failures. */
export function restartsOf(job: Job, pods: readonly PodObject[]): number {
  if (job.spec.template.spec?.restartPolicy !== "OnFailure") return 0;
  const counts = pods.flatMap(({ status }) =>
    (status?.containerStatuses ?? []).map((each) => each.restartCount ?? 0),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/** @param index Of an Indexed job: which part of the work the pod does. */
export function jobPod(job: Job, index: number | undefined): KubeObject {
  const { name } = job.metadata;
  if (index === undefined) return podFromTemplate(job, job.spec.template);
  const text = String(index);
  const variable = {
    name: "JOB_COMPLETION_INDEX",
    valueFrom: { fieldRef: { fieldPath: `metadata.labels['${indexAnnotation}']` } },
  };
  const { spec = {} } = job.spec.template;
  const withVariable = (containers: unknown) =>
    ((containers ?? []) as { env?: readonly object[] }[]).map((container) => ({
      ...container,
      env: [...(container.env ?? []), variable],
    }));
  return podFromTemplate(job, job.spec.template, {
    generateName: `${name}-${text}-`,
    labels: { [indexAnnotation]: text },
    annotations: { [indexAnnotation]: text },
    spec: {
      hostname: `${name}-${text}`,
      containers: withVariable(spec.containers),
      ...(spec.initContainers === undefined ? {} : { initContainers: withVariable(spec.initContainers) }),
    },
  });
}

/** `0-2,5` as numbers. */
function indexesIn(text: string): readonly number[] {
  return text
    .split(",")
    .filter((part) => part !== "")
    .flatMap((part) => {
      const [first = 0, last = first] = part.split("-").map(Number);
      return Array.from({ length: last - first + 1 }, (_, offset) => first + offset);
    });
}

/** Numbers as `0-2,5`; two in a row are written `0,1`. */
export function indexText(indexes: ReadonlySet<number>): string {
  const runs: [number, number][] = [];
  for (const index of [...indexes].sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run !== undefined && run[1] === index - 1) run[1] = index;
    else runs.push([index, index]);
  }
  return runs
    .map(([first, last]) =>
      first === last ? `${first}` : last - first === 1 ? `${first},${last}` : `${first}-${last}`,
    )
    .join(",");
}
