import { asList, asRecord, isRecord } from "../../../json.ts";

/** Whether a schema, or one inside it, has rules in CEL. */
export function usesRules(schema: unknown): boolean {
  const source = asRecord(schema);
  if (asList(source["x-kubernetes-validations"]).length > 0) return true;
  const { properties, items, additionalProperties } = source;
  return [...Object.values(asRecord(properties)), items, additionalProperties].some(
    (inner) => isRecord(inner) && usesRules(inner),
  );
}
