import type { ApiObject } from "../../../api-object.ts";
import { asList, asRecord } from "../../../json.ts";

/** Whether `status.conditions` has one of that type that is true. */
export function hasCondition({ status }: ApiObject, type: string): boolean {
  return conditionStatus(status, type) === "True";
}

/** `True`, `False` or `Unknown`; undefined when there is no such condition. */
export function conditionStatus(status: unknown, type: string): unknown {
  const conditions = asList(asRecord(status).conditions).map(asRecord);
  return conditions.find((each) => each.type === type)?.status;
}
