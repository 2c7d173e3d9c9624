import type { ApiObject } from "../../../api-object.ts";
import { asRecord, asString } from "../../../json.ts";
import type { Column } from "../../resource-def.ts";
import { ageColumn, asNumber, nameColumn, text } from "./columns.ts";
import { hasCondition } from "./conditions.ts";
import { humanDuration } from "./duration.ts";
import { containerColumns, selectorColumn } from "./template-columns.ts";

export const jobColumns: readonly Column[] = [
  nameColumn,
  text("Status", "What has become of the job.", statusOf),
  text("Completions", "Pods that succeeded, of those wanted.", completionsOf),
  text("Duration", "How long it took, or takes so far.", durationOf),
  ageColumn,
  ...containerColumns(),
  selectorColumn,
];

function statusOf(job: ApiObject): string {
  if (hasCondition(job, "Complete")) return "Complete";
  if (hasCondition(job, "Failed")) return "Failed";
  if (job.metadata.deletionTimestamp !== undefined) return "Terminating";
  if (hasCondition(job, "Suspended")) return "Suspended";
  return hasCondition(job, "FailureTarget") ? "FailureTarget" : "Running";
}

/** Without a number of completions one success is enough, of however many pods. */
function completionsOf({ spec, status }: ApiObject): string {
  const { completions, parallelism } = asRecord(spec);
  const succeeded = asNumber(asRecord(status).succeeded);
  if (typeof completions === "number") return `${succeeded}/${completions}`;
  return asNumber(parallelism) > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function durationOf({ status }: ApiObject, now: Date): string {
  const { startTime, completionTime } = asRecord(status);
  if (asString(startTime) === "") return "";
  const end = asString(completionTime) === "" ? now.getTime() : Date.parse(asString(completionTime));
  return humanDuration(end - Date.parse(asString(startTime)));
}
