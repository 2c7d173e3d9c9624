import { isReason, resources } from "@portcullis/kube";
import { timestamp } from "../../events/event-object.ts";
import { type Controller, type ControllerContext, queueFor, teller } from "../framework/controller.ts";
import { keyOf } from "../framework/resource-cache.ts";
import { ending, type Job } from "../job/job-object.ts";
import { indexByController } from "../objects/children.ts";
import { controllerOf, controllerReference, isDeleting } from "../objects/workload.ts";
import { writeStatus } from "../objects/write-status.ts";
import type { CronJob } from "./cronjob-object.ts";
import { isZone, nextTime, parseSchedule, type Schedule } from "./schedule.ts";

/** batch/v1 CronJob: a Job at each time of its schedule. Of several times that were missed only the last one counts. */
export function cronJobController(context: ControllerContext): Controller {
  const { caches } = context;
  const tell = teller(context, "cronjob-controller");
  const cronJobs = caches.of<CronJob>(resources.cronjobs);
  const jobs = caches.of<Job>(resources.jobs);
  const queue = queueFor(context, "cronjob", sync);
  indexByController(jobs);
  cronJobs.onChange((now) => now !== undefined && queue.add(keyOf(now)));
  jobs.onChange((now, before) => {
    const owner = controllerOf((now ?? before)!);
    if (owner?.kind === "CronJob") queue.add(`${(now ?? before)!.metadata.namespace}/${owner.name}`);
  });

  async function sync(key: string): Promise<void> {
    const cron = cronJobs.get(key);
    if (cron === undefined || isDeleting(cron)) return;
    const mine = () => jobs.indexed("controller", cron.metadata.uid ?? "");
    await forget(cron, mine());
    const schedule = parseSchedule(cron.spec.schedule);
    const { timeZone, suspend } = cron.spec;
    let scheduled: number | undefined;
    if (schedule === undefined)
      tell(cron, "Warning", "UnparseableSchedule", `unparseable schedule: ${cron.spec.schedule}`);
    else if (!isZone(timeZone ?? "UTC"))
      tell(
        cron,
        "Warning",
        "UnknownTimeZone",
        `invalid timeZone: ${timeZone}: unknown time zone ${timeZone}`,
      );
    else if (suspend !== true) scheduled = await start(key, cron, schedule, mine());
    await writeStatus(caches, resources.cronjobs, cron, statusOf(cron, mine(), scheduled));
  }

  /** The time whose Job was started now, if one was due. */
  async function start(key: string, cron: CronJob, schedule: Schedule, mine: readonly Job[]) {
    const now = Date.now();
    const due = lastDue(cron, schedule, now);
    const next = nextTime(schedule, now, cron.spec.timeZone ?? "UTC");
    if (next !== undefined) queue.addAfter(key, next - now);
    if (due === undefined) return undefined;
    const active = mine.filter((job) => ending(job) === undefined);
    if (active.length > 0 && cron.spec.concurrencyPolicy === "Forbid") {
      tell(
        cron,
        "Normal",
        "JobAlreadyActive",
        "Not starting job because prior execution is running and concurrency policy is Forbid",
      );
      return undefined;
    }
    if (cron.spec.concurrencyPolicy === "Replace")
      for (const job of active) await caches.delete(resources.jobs, job, { propagationPolicy: "Background" });
    await create(cron, due);
    return due;
  }

  /** The name says the time in minutes, so that no time has two Jobs. */
  async function create(cron: CronJob, due: number): Promise<void> {
    const { name, namespace = "default" } = cron.metadata;
    const { metadata = {}, spec } = cron.spec.jobTemplate;
    const job = {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: {
        name: `${name}-${Math.floor(due / 60_000)}`,
        namespace,
        ...(metadata.labels === undefined ? {} : { labels: metadata.labels }),
        annotations: {
          ...metadata.annotations,
          "batch.kubernetes.io/cronjob-scheduled-timestamp": timestamp(new Date(due)),
        },
        ownerReferences: [controllerReference(cron)],
      },
      spec,
    };
    try {
      await caches.create(resources.jobs, job);
      tell(cron, "Normal", "SuccessfulCreate", `Created job ${job.metadata.name}`);
    } catch (error) {
      if (!isReason(error, "AlreadyExists")) throw error;
    }
  }

  /** Deletes the oldest Jobs that have ended, beyond those that are kept. */
  async function forget({ spec }: CronJob, mine: readonly Job[]): Promise<void> {
    const { successfulJobsHistoryLimit = 3, failedJobsHistoryLimit = 1 } = spec;
    const limits = { Complete: successfulJobsHistoryLimit, Failed: failedJobsHistoryLimit };
    for (const [type, limit] of Object.entries(limits)) {
      const ended = mine.filter((job) => ending(job)?.type === type && !isDeleting(job)).sort(byAge);
      for (const job of ended.slice(0, Math.max(0, ended.length - limit)))
        await caches.delete(resources.jobs, job, { propagationPolicy: "Background" });
    }
  }

  return queue;
}

/** The latest time since the last one, or since the CronJob was made, unless it is too long ago by now. */
function lastDue({ spec, status, metadata }: CronJob, schedule: Schedule, now: number): number | undefined {
  const zone = spec.timeZone ?? "UTC";
  const since = Date.parse(status?.lastScheduleTime ?? metadata.creationTimestamp ?? "") || now;
  const deadline =
    spec.startingDeadlineSeconds === undefined ? since : now - spec.startingDeadlineSeconds * 1000;
  let due: number | undefined;
  // After a long sleep the times of the last days are enough to find the latest.
  let time = nextTime(schedule, Math.max(since, deadline, now - 100 * 60_000), zone);
  time = time !== undefined && time <= now ? time : nextTime(schedule, Math.max(since, deadline), zone);
  for (let count = 0; time !== undefined && time <= now && count < 1_000; count++) {
    due = time;
    time = nextTime(schedule, time, zone);
  }
  return due;
}

function statusOf({ status = {} }: CronJob, mine: readonly Job[], scheduled: number | undefined) {
  const active = mine
    .filter((job) => ending(job) === undefined)
    .map(({ apiVersion, kind, metadata: { name, namespace, uid, resourceVersion } }) => ({
      apiVersion,
      kind,
      name,
      namespace,
      uid,
      resourceVersion,
    }));
  const successes = mine.flatMap((job) => job.status?.completionTime ?? []).sort();
  const last = scheduled === undefined ? status.lastScheduleTime : timestamp(new Date(scheduled));
  const success = successes.at(-1) ?? status.lastSuccessfulTime;
  return {
    ...(active.length > 0 ? { active } : {}),
    ...(last === undefined ? {} : { lastScheduleTime: last }),
    ...(success === undefined ? {} : { lastSuccessfulTime: success }),
  };
}

function byAge(a: Job, b: Job): number {
  const [x = "", y = ""] = [a.status?.startTime, b.status?.startTime];
  return x === y ? (a.metadata.name < b.metadata.name ? -1 : 1) : x < y ? -1 : 1;
}
