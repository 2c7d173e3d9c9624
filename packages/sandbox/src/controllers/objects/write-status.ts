import type { KubeObject, Resource } from "@portcullis/kube";
import type { Caches } from "../framework/caches.ts";
import { sameJson } from "./same-json.ts";

/** Writes the status when it is another. The controller is its only author, so it overwrites without a version. */
export async function writeStatus<T extends KubeObject>(
  caches: Caches,
  resource: Resource,
  object: T,
  status: object,
): Promise<T> {
  if (sameJson(object.status, status)) return object;
  const { resourceVersion: _, ...metadata } = object.metadata;
  return caches.update<T>(resource, { ...object, metadata, status }, "status");
}
