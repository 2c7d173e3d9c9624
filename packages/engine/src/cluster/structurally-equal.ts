/** Deep equality of plain data (objects, arrays, primitives including bigint). An absent key equals an undefined value. */
export function structurallyEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (Array.isArray(left)) {
    return (
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item, index) => structurallyEqual(item, right[index]))
    );
  }
  if (Array.isArray(right)) return false;
  const a = left as Record<string, unknown>;
  const b = right as Record<string, unknown>;
  for (const key of Object.keys(a)) if (!structurallyEqual(a[key], own(b, key))) return false;
  for (const key of Object.keys(b)) if (own(a, key) === undefined && b[key] !== undefined) return false;
  return true;
}

// `constructor` is a legal label key: an inherited property is no value.
const own = (object: Record<string, unknown>, key: string): unknown =>
  Object.hasOwn(object, key) ? object[key] : undefined;
