type Json = Readonly<Record<string, unknown>>;

/** Lists of a pod's spec whose items have a key: they are merged item by item, as kubectl does (its patch merge keys). */
const mergeKeys: Readonly<Record<string, string>> = {
  containers: "name",
  initContainers: "name",
  env: "name",
  volumes: "name",
  volumeMounts: "mountPath",
};

/**
 * What `kubectl apply` makes of an object: `live` with every field of `desired`, without the fields that `last` (what was
 * applied the time before) had and `desired` has not. A list without keys is replaced as a whole. Inputs are not changed.
 */
export function threeWayMerge(last: Json, live: Json, desired: Json): Json {
  const dropped = new Set(Object.keys(last).filter((key) => !Object.hasOwn(desired, key)));
  const kept = Object.entries(live).filter(([key]) => !dropped.has(key));
  const merged = new Map<string, unknown>(kept);
  for (const [key, value] of Object.entries(desired)) {
    merged.set(key, mergeField(key, last[key], live[key], value));
  }
  return Object.fromEntries(merged);
}

function mergeField(name: string, last: unknown, live: unknown, desired: unknown): unknown {
  if (isRecord(desired) && isRecord(live)) return threeWayMerge(isRecord(last) ? last : {}, live, desired);
  const key = mergeKeys[name];
  if (key === undefined || !isKeyed(desired, key) || !isKeyed(live, key)) return desired;
  return mergeItems(key, isKeyed(last, key) ? last : [], live, desired);
}

/** The desired items in their order, then those that others added. */
function mergeItems(
  key: string,
  last: readonly Json[],
  live: readonly Json[],
  desired: readonly Json[],
): Json[] {
  const same = (items: readonly Json[], item: Json) => items.find((other) => other[key] === item[key]);
  const merged = desired.map((item) => {
    const before = same(live, item);
    return before === undefined ? item : threeWayMerge(same(last, item) ?? {}, before, item);
  });
  const others = live.filter((item) => same(desired, item) === undefined && same(last, item) === undefined);
  return [...merged, ...others];
}

function isKeyed(value: unknown, key: string): value is readonly Json[] {
  return Array.isArray(value) && value.every((item) => isRecord(item) && typeof item[key] === "string");
}

function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
