import type { ClusterObject } from "@portcullis/engine";

/** A staged policy as if it were in force; any other object as it is. */
export function asEnforced(object: ClusterObject): ClusterObject {
  if (object.kind !== "NetworkPolicy" || object.staged !== true) return object;
  const { staged: _, ...policy } = object;
  return policy;
}
