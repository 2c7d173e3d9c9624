import {
  type ClusterObject,
  checkMode,
  type FieldError,
  modeAnnotation,
  type NetworkPolicy,
  objectFromApi,
} from "@portcullis/engine";
import type { KubeObject } from "@portcullis/kube";
import type { SharedParts } from "./observer-share.ts";

/** What the agent keeps of an object of the API: a few hundred bytes of the kilobytes that it was sent as. */
export type ReadObject =
  | { readonly object: Exclude<ClusterObject, NetworkPolicy> }
  | ReadPolicy
  | RefusedObject;

export interface ReadPolicy {
  readonly object: NetworkPolicy;
  readonly head: KubeObject;
  /** What is wrong with its mode annotation. */
  readonly unknownMode?: string;
}

/** It cannot be read. */
export interface RefusedObject {
  readonly head: KubeObject;
  readonly errors: readonly FieldError[];
}

/** `parts` are shared by all objects that are read with them. */
export function readObject(value: KubeObject, parts: SharedParts): ReadObject {
  const { object, errors } = objectFromApi(value);
  if (object === undefined) return { head: headOf(value), errors };
  if (object.kind === "Pod") return { object: parts.share(object) };
  if (object.kind !== "NetworkPolicy") return { object };
  const mode = checkMode(value.metadata);
  const unknown = mode === undefined ? {} : { unknownMode: `${mode.path}: ${mode.message}` };
  return { object, head: headOf(value), ...unknown };
}

/** The object's name, version and mode: as much of it as there is to say in an event. */
function headOf({ apiVersion, kind, metadata }: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion, annotations } = metadata;
  const mode = annotations?.[modeAnnotation];
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(mode === undefined ? {} : { annotations: { [modeAnnotation]: mode } }),
    },
  };
}
