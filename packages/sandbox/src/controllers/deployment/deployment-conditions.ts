import { timestamp } from "../../events/event-object.ts";
import { findCondition, withoutCondition } from "../objects/conditions.ts";
import type { Condition } from "../objects/workload.ts";

export type Conditions = readonly Condition[];

type News = Required<Pick<Condition, "type" | "status" | "reason" | "message">>;

/** The list with this condition. The same status for the same reason is no news and changes nothing. */
export function setCondition(conditions: Conditions, news: News, now: Date): Conditions {
  const former = findCondition(conditions, news.type);
  if (former?.status === news.status && former.reason === news.reason) return conditions;
  return replaceCondition(conditions, news, now);
}

/** The list with this condition, updated now in any case: something moved. */
export function replaceCondition(conditions: Conditions, news: News, now: Date): Conditions {
  const former = findCondition(conditions, news.type);
  const time = timestamp(now);
  const kept = former?.status === news.status ? former.lastTransitionTime : undefined;
  const added = { ...news, lastUpdateTime: time, lastTransitionTime: kept ?? time };
  return [...withoutCondition(conditions, news.type), added];
}

export const progressing = (status: Condition["status"], reason: string, message: string): News => ({
  type: "Progressing",
  status,
  reason,
  message,
});
