import type { KubeClient, KubeObject, ObjectMeta, Resource } from "./client.ts";
import { ApiError, isReason } from "./errors.ts";
import { resourceFor } from "./resources.ts";
import { threeWayMerge } from "./three-way-merge.ts";

export interface Applied {
  readonly result: "created" | "configured" | "unchanged";
  /** As stored. */
  readonly object: KubeObject;
}

/** kubectl's own, so that either can go on with what the other began. */
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

/** What all annotations of an object may take together, in bytes of keys and values. */
const annotationLimit = 262_144;

const maxAttempts = 5;

/**
 * Creates the object or brings the stored one in line, as client-side `kubectl apply` does: fields that others set stay,
 * fields that an earlier apply set and this one lacks go. Throws ApiError when the server refuses or the object has no
 * name, and Error for a kind that is not ours.
 */
export async function apply(client: KubeClient, object: KubeObject): Promise<Applied> {
  const resource = resourceFor(object.apiVersion, object.kind);
  if (resource === undefined) throw new Error(`no kind ${object.kind} in ${object.apiVersion} is known`);
  const nameless = namelessProblem(object);
  if (nameless !== undefined)
    throw new ApiError({ kind: "Status", code: 422, reason: "Invalid", message: nameless });
  const desired = prepare(resource, object);
  for (let attempt = 1; ; attempt++) {
    try {
      return await applyOnce(client, resource, desired);
    } catch (error) {
      // Somebody wrote, made or removed it between our read and our write.
      const raced = ["Conflict", "AlreadyExists"].some((reason) => isReason(error, reason));
      if (!raced || attempt === maxAttempts) throw error;
    }
  }
}

/** Why an object without a name cannot be applied; undefined when it has one. */
export function namelessProblem({ metadata }: KubeObject): string | undefined {
  // The type says that every object has one; what a user writes may have a generateName instead.
  if (metadata.name) return undefined;
  return (
    "metadata.name: Required value: what is applied is found again by its name, so generateName does not do; " +
    "kubectl create makes an object of it"
  );
}

async function applyOnce(client: KubeClient, resource: Resource, desired: KubeObject): Promise<Applied> {
  const { name, namespace } = desired.metadata;
  const live = await client.get(resource, name, namespace).catch((error: unknown) => {
    if (isReason(error, "NotFound")) return undefined;
    throw error;
  });
  if (live === undefined) return { result: "created", object: await client.create(resource, desired) };
  const merged = threeWayMerge(readLast(live), live, desired) as unknown as KubeObject;
  const object = await client.update(resource, withoutStaleLast(merged, desired));
  const unchanged = object.metadata.resourceVersion === live.metadata.resourceVersion;
  return { result: unchanged ? "unchanged" : "configured", object };
}

/**
 * The object without what is the server's to write, and with itself in the annotation that the next apply reads. One that
 * is too large for an annotation goes without: then the next apply takes away no field that it lacks.
 */
function prepare(resource: Resource, object: KubeObject): KubeObject {
  const { status: _, ...rest } = object;
  const { resourceVersion: _version, uid: _uid, ...meta } = object.metadata;
  const { [lastApplied]: _last, ...annotations } = meta.annotations ?? {};
  const metadata: ObjectMeta = {
    ...meta,
    ...(resource.namespaced ? { namespace: meta.namespace ?? "default" } : {}),
    annotations,
  };
  const bare = { ...rest, metadata };
  const all = { ...annotations, [lastApplied]: `${JSON.stringify(bare)}\n` };
  return byteLength(all) > annotationLimit ? bare : { ...bare, metadata: { ...metadata, annotations: all } };
}

function byteLength(annotations: Readonly<Record<string, string>>): number {
  return Object.entries(annotations).reduce((sum, [key, value]) => sum + Buffer.byteLength(key + value), 0);
}

/** An earlier apply's annotation must not speak for this one. */
function withoutStaleLast(merged: KubeObject, desired: KubeObject): KubeObject {
  if (desired.metadata.annotations?.[lastApplied] !== undefined) return merged;
  const { [lastApplied]: _, ...annotations } = merged.metadata.annotations ?? {};
  return { ...merged, metadata: { ...merged.metadata, annotations } };
}

function readLast(live: KubeObject): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(live.metadata.annotations?.[lastApplied] ?? "{}");
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
