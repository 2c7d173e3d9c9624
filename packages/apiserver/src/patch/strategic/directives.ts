/** Keys that say how to patch instead of what to write (Kubernetes: "strategic merge patch", directives). */
export const patchKey = "$patch";
export const retainKeysKey = "$retainKeys";
const orderPrefix = "$setElementOrder";
const deletionPrefix = "$deleteFromPrimitiveList";

export function isDirective(key: string): boolean {
  return key === patchKey || key === retainKeysKey || isOrder(key) || isDeletion(key);
}

export function isOrder(key: string): boolean {
  return key.startsWith(orderPrefix);
}

export function isDeletion(key: string): boolean {
  return key.startsWith(deletionPrefix);
}

/** The field that `$setElementOrder/ports` is about: `ports`; undefined when it names none. */
export function fieldOf(key: string): string | undefined {
  const slash = key.indexOf("/");
  return slash < 0 ? undefined : key.slice(slash + 1);
}
