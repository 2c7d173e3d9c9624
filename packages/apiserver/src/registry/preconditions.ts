import type { ApiObject } from "../api-object.ts";
import { conflict } from "./refusals.ts";
import type { ResourceDef } from "./resource-def.ts";

/** What must hold of the stored object for a write to go on. */
export interface Preconditions {
  readonly uid?: string;
  readonly resourceVersion?: string;
}

/** Those that the metadata of a replacement make. Throws Conflict. */
export function requireSame(
  def: ResourceDef,
  object: ApiObject,
  { uid, resourceVersion }: Preconditions,
): void {
  requireUid(def, object, uid);
  if (resourceVersion !== undefined && resourceVersion !== object.metadata.resourceVersion)
    throw conflict(def, object.metadata.name);
}

/** Those of a deletion, which are told by their names. Throws Conflict. */
export function requireAsked(
  def: ResourceDef,
  object: ApiObject,
  { uid, resourceVersion }: Preconditions,
): void {
  requireUid(def, object, uid);
  const { name, resourceVersion: actual } = object.metadata;
  if (resourceVersion === undefined || resourceVersion === actual) return;
  const why = `ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${actual}`;
  throw conflict(def, name, `Precondition failed: ${why}`);
}

function requireUid(def: ResourceDef, { metadata }: ApiObject, uid: string | undefined): void {
  if (uid === undefined || uid === metadata.uid) return;
  const why = `UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`;
  throw conflict(def, metadata.name, `Precondition failed: ${why}`);
}
