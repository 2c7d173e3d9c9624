/** A JSON object, or {} for anything else: lets defaulting read fields of input that validation did not look into. */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function asString(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The record with the fields that it lacks (or has as null) taken from `defaults`. */
export function withDefaults(
  record: Readonly<Record<string, unknown>>,
  defaults: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const missing = Object.entries(defaults).filter(
    ([key]) => record[key] === undefined || record[key] === null,
  );
  return missing.length === 0 ? record : { ...record, ...Object.fromEntries(missing) };
}

/** Equality of JSON values; the order of keys is of no account, and a key with `undefined` is an absent key. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => sameJson(item, b[i]));
  }
  if (!isRecord(a) || !isRecord(b)) return false;
  const present = Object.keys(a).filter((key) => a[key] !== undefined);
  if (present.length !== Object.keys(b).filter((key) => b[key] !== undefined).length) return false;
  return present.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]));
}

/** Freezes a JSON value through and through; stops at what is frozen already, so that shared parts cost nothing. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const part of Object.values(value)) deepFreeze(part);
  return value;
}
