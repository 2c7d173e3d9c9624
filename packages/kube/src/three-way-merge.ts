type Json = Readonly<Record<string, unknown>>;

/**
 * What `kubectl apply` makes of an object: `live` with every field of `desired`, without the fields that `last` (what was
 * applied the time before) had and `desired` has not. Lists are replaced as a whole. Inputs are not changed.
 */
export function threeWayMerge(last: Json, live: Json, desired: Json): Json {
  const dropped = new Set(Object.keys(last).filter((key) => !Object.hasOwn(desired, key)));
  const kept = Object.entries(live).filter(([key]) => !dropped.has(key));
  const merged = new Map<string, unknown>(kept);
  for (const [key, value] of Object.entries(desired)) {
    const before = isRecord(last[key]) ? last[key] : {};
    merged.set(key, isRecord(value) && isRecord(live[key]) ? threeWayMerge(before, live[key], value) : value);
  }
  return Object.fromEntries(merged);
}

function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
