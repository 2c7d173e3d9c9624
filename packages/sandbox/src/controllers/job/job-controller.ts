import { resources } from "@portcullis/kube";
import { timestamp } from "../../events/event-object.ts";
import { type Controller, type ControllerContext, queueFor, teller } from "../framework/controller.ts";
import { keyOf } from "../framework/resource-cache.ts";
import { slowStart } from "../framework/slow-start.ts";
import { claim } from "../objects/adopt.ts";
import { candidatesFor, indexByController, onChildChange } from "../objects/children.ts";
import { withCondition } from "../objects/conditions.ts";
import { byDeletionRank } from "../objects/pods.ts";
import { isDeleting, type PodObject } from "../objects/workload.ts";
import { writeStatus } from "../objects/write-status.ts";
import { ending, isIndexed, type Job, type JobStatus } from "./job-object.ts";
import { countPods, indexOf, indexText, type JobPods, jobPod, restartsOf } from "./job-pods.ts";
import { untilDeadline, type Verdict, verdictOn } from "./job-verdict.ts";

/** After a failure the next pod waits, from ten seconds, doubling, to ten minutes. */
const firstWaitMs = 10_000;
const longestWaitMs = 600_000;

/** batch/v1 Job: pods until enough of them have succeeded. */
export function jobController(context: ControllerContext): Controller {
  const { caches } = context;
  const tell = teller(context, "job-controller");
  const jobs = caches.of<Job>(resources.jobs);
  const pods = caches.of<PodObject>(resources.pods);
  const queue = queueFor(context, "job", sync);
  indexByController(pods);
  onChildChange(jobs, pods, (key) => queue.add(key));
  jobs.onChange((now) => now !== undefined && queue.add(keyOf(now)));

  async function sync(key: string): Promise<void> {
    const job = jobs.get(key);
    if (job === undefined || isDeleting(job)) return;
    const end = ending(job);
    if (end !== undefined) return expire(key, job, Date.parse(end.lastTransitionTime ?? ""));
    const owned = await claim(caches, job, resources.pods, candidatesFor(pods, job));
    const counted = countPods(job, owned);
    const now = Date.now();
    const verdict = verdictOn(job, counted, restartsOf(job, owned), now);
    if (verdict !== undefined) return finish(job, counted, verdict);
    if (job.spec.suspend === true) await remove(job, counted.active);
    else await work(key, job, counted, now);
    const after = countPods(job, pods.indexed("controller", job.metadata.uid ?? ""));
    await writeStatus(caches, resources.jobs, job, running(job, after));
    const deadline = untilDeadline(job, now);
    if (deadline !== undefined && job.spec.suspend !== true) queue.addAfter(key, deadline);
  }

  async function work(key: string, job: Job, counted: JobPods, now: number): Promise<void> {
    const { active, succeeded, failed, lastFailure } = counted;
    const { parallelism = 1, completions } = job.spec;
    const left =
      completions === undefined ? (succeeded > 0 ? active.length : parallelism) : completions - succeeded;
    const missing = Math.min(parallelism, left) - active.length;
    if (missing < 0) return remove(job, [...active].sort(byDeletionRank).slice(0, -missing));
    if (missing === 0) return;
    const wait = failed === 0 ? 0 : Math.min(firstWaitMs * 2 ** (failed - 1), longestWaitMs);
    const remaining = lastFailure === undefined ? 0 : lastFailure + wait - now;
    if (remaining > 0) return queue.addAfter(key, remaining);
    const indexes = isIndexed(job)
      ? freeIndexes(job, counted).slice(0, missing)
      : Array(missing).fill(undefined);
    await slowStart(indexes, (index) => create(job, index));
  }

  async function create(job: Job, index: number | undefined): Promise<void> {
    try {
      const pod = await caches.create(resources.pods, jobPod(job, index));
      tell(job, "Normal", "SuccessfulCreate", `Created pod: ${pod.metadata.name}`);
    } catch (error) {
      tell(job, "Warning", "FailedCreate", `Error creating: ${(error as Error).message}`);
      throw error;
    }
  }

  async function remove(job: Job, doomed: readonly PodObject[]): Promise<void> {
    for (const pod of doomed) {
      await caches.delete(resources.pods, pod);
      tell(job, "Normal", "SuccessfulDelete", `Deleted pod: ${pod.metadata.name}`);
    }
  }

  /** First it is said what will be, and said again when the last pod has ended. */
  async function finish(job: Job, counted: JobPods, verdict: Verdict): Promise<void> {
    const { complete, reason, message } = verdict;
    const now = new Date();
    await remove(job, counted.active);
    const say = (conditions: JobStatus["conditions"], type: string) =>
      withCondition(conditions, { type, status: "True", reason, message }, now);
    const ended =
      pods
        .indexed("controller", job.metadata.uid ?? "")
        .filter(({ status }) => status?.phase === "Running" || status?.phase === "Pending").length === 0;
    const target = say(job.status?.conditions, complete ? "SuccessCriteriaMet" : "FailureTarget");
    const status = running(job, { ...counted, active: [], ready: 0, terminating: 0 });
    await writeStatus(caches, resources.jobs, job, {
      ...status,
      ...(complete && ended ? { completionTime: timestamp(now) } : {}),
      conditions: ended ? say(target, complete ? "Complete" : "Failed") : target,
    });
    if (!ended) return;
    if (complete) tell(job, "Normal", "Completed", "Job completed");
    else tell(job, "Warning", reason, message);
  }

  async function expire(key: string, job: Job, endedAt: number): Promise<void> {
    const { ttlSecondsAfterFinished } = job.spec;
    if (ttlSecondsAfterFinished === undefined) return;
    const wait = endedAt + ttlSecondsAfterFinished * 1000 - Date.now();
    if (wait > 0) return queue.addAfter(key, wait);
    await caches.delete(resources.jobs, job, { propagationPolicy: "Foreground" });
  }

  function running(job: Job, counted: JobPods): JobStatus {
    const { active, ready, succeeded, failed, terminating, completed } = counted;
    const { status, spec } = job;
    const counts = { active: active.length, succeeded, failed };
    const suspended = spec.suspend === true;
    const conditions = suspendConditions(job);
    return {
      ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
      ready,
      terminating,
      ...(completed.size > 0 ? { completedIndexes: indexText(completed) } : {}),
      ...(suspended ? {} : { startTime: status?.startTime ?? timestamp(new Date()) }),
      ...(conditions === undefined ? {} : { conditions }),
    };
  }

  function suspendConditions(job: Job): JobStatus["conditions"] {
    const { conditions } = job.status ?? {};
    const is = conditions?.some(({ type, status }) => type === "Suspended" && status === "True") ?? false;
    const wanted = job.spec.suspend === true;
    if (is === wanted) return conditions;
    const [status, reason, message] = wanted
      ? (["True", "JobSuspended", "Job suspended"] as const)
      : (["False", "JobResumed", "Job resumed"] as const);
    tell(job, "Normal", wanted ? "Suspended" : "Resumed", message);
    return withCondition(conditions, { type: "Suspended", status, reason, message });
  }

  return queue;
}

/** The parts of an Indexed job's work that nobody does and nobody has done, lowest first. */
function freeIndexes({ spec }: Job, { completed, active }: JobPods): readonly number[] {
  const taken = new Set([...completed, ...active.map(indexOf)]);
  return Array.from({ length: spec.completions ?? 0 }, (_, index) => index).filter(
    (index) => !taken.has(index),
  );
}
