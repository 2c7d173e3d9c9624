import { timestamp } from "../../events/event-object.ts";
import type { Condition } from "./workload.ts";

export function findCondition(
  conditions: readonly Condition[] | undefined,
  type: string,
): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/** The list with this condition; its transition time stays when the status does. */
export function withCondition(
  conditions: readonly Condition[] | undefined,
  condition: Pick<Condition, "type" | "status" | "reason" | "message">,
  now: Date = new Date(),
): readonly Condition[] {
  const former = findCondition(conditions, condition.type);
  const unchanged = former?.status === condition.status ? former.lastTransitionTime : undefined;
  const added = { ...condition, lastTransitionTime: unchanged ?? timestamp(now) };
  return [...withoutCondition(conditions, condition.type), added];
}

export function withoutCondition(
  conditions: readonly Condition[] | undefined,
  type: string,
): readonly Condition[] {
  return (conditions ?? []).filter((condition) => condition.type !== type);
}
