import { asRecord, isRecord } from "../../../json.ts";

/** Fills a value with the `default`s of its schema (structural defaulting): from outside inwards, and never over null. */
export function withSchemaDefaults(value: unknown, schema: unknown): unknown {
  const { properties, items, additionalProperties } = asRecord(schema);
  if (Array.isArray(value))
    return isRecord(items) ? value.map((item) => withSchemaDefaults(item, items)) : value;
  if (!isRecord(value)) return value;
  const fields = asRecord(properties);
  const filled: [string, unknown][] = Object.entries(value).map(([name, inner]) => [
    name,
    withSchemaDefaults(nullReplaced(inner, fields[name]), fields[name] ?? additionalProperties),
  ]);
  for (const [name, field] of Object.entries(fields)) {
    const given = asRecord(field).default;
    if (given === undefined || Object.hasOwn(value, name)) continue;
    filled.push([name, withSchemaDefaults(given, field)]);
  }
  return Object.fromEntries(filled);
}

/** A null that the schema does not take stands for an absent value, when there is a default. */
function nullReplaced(value: unknown, field: unknown): unknown {
  const { nullable, default: given } = asRecord(field);
  return value === null && nullable !== true && given !== undefined ? given : value;
}
