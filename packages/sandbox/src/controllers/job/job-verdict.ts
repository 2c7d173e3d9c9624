import type { Job } from "./job-object.ts";
import type { JobPods } from "./job-pods.ts";

/** How a job has ended. */
export interface Verdict {
  readonly complete: boolean;
  readonly reason: string;
  readonly message: string;
}

/** Whether a job has done what it was asked to, or has failed for good; undefined while it goes on. */
export function verdictOn(job: Job, pods: JobPods, restarts: number, now: number): Verdict | undefined {
  const { completions, backoffLimit = 6 } = job.spec;
  const { failed, succeeded, active } = pods;
  if (failed > backoffLimit || restarts > backoffLimit || (restarts > 0 && restarts >= backoffLimit)) {
    const message = "Job has reached the specified backoff limit";
    return { complete: false, reason: "BackoffLimitExceeded", message };
  }
  if (untilDeadline(job, now) === 0) {
    const message = "Job was active longer than specified deadline";
    return { complete: false, reason: "DeadlineExceeded", message };
  }
  const done = completions === undefined ? succeeded > 0 && active.length === 0 : succeeded >= completions;
  if (!done) return undefined;
  const message = "Reached expected number of succeeded pods";
  return { complete: true, reason: "CompletionsReached", message };
}

/** Milliseconds until the job has been active for too long; undefined without a limit. */
export function untilDeadline({ spec, status }: Job, now: number): number | undefined {
  if (spec.activeDeadlineSeconds === undefined || status?.startTime === undefined) return undefined;
  return Math.max(0, Date.parse(status.startTime) + spec.activeDeadlineSeconds * 1000 - now);
}
