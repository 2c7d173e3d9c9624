import type { ApiMeta, ApiObject } from "../api-object.ts";
import { asList, asString } from "../json.ts";
import type { Preconditions } from "./preconditions.ts";
import type { ResourceDef } from "./resource-def.ts";

/** meta/v1 DeleteOptions, as far as the registry acts on it. */
export interface DeleteOptions {
  /** Seconds; the kind's own when absent. */
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: "Orphan" | "Background" | "Foreground";
  readonly preconditions?: Preconditions;
}

/**
 * What a DELETE makes of an object (apiserver, registry/rest BeforeDelete): it goes, or it is marked and stays for the time
 * of its grace period and for as long as finalizers hold it. A second DELETE can shorten the grace period only.
 */
export function planDeletion(
  def: ResourceDef,
  object: ApiObject,
  options: DeleteOptions,
  now: Date,
): ApiObject | "remove" {
  const finalizers = withPropagation(finalizersOf(object), options.propagationPolicy);
  const next: ApiObject = { ...object, metadata: withFinalizers(object.metadata, finalizers) };
  const held = isHeld(def, next);
  const marks = marksOf(def, object, options.gracePeriodSeconds, now);
  if (!held && marks.deletionGracePeriodSeconds === 0) return "remove";
  const { deletionGracePeriodSeconds, ...rest } = marks;
  // A namespace has no grace period, only its contents have.
  const metadata = { ...next.metadata, ...(def.heldBy === undefined ? marks : rest) };
  const marked = { ...next, metadata };
  return def.prepareDelete?.(marked) ?? marked;
}

/** Whether an object that was marked before has nothing left to wait for. */
export function isDone(def: ResourceDef, object: ApiObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = object.metadata;
  return deletionTimestamp !== undefined && deletionGracePeriodSeconds === 0 && !isHeld(def, object);
}

function finalizersOf({ metadata }: ApiObject): readonly string[] {
  return asList(metadata.finalizers).map(asString);
}

function isHeld(def: ResourceDef, object: ApiObject): boolean {
  return finalizersOf(object).length > 0 || (def.heldBy?.(object).length ?? 0) > 0;
}

/** The garbage collector acts on these finalizers and takes them away; a policy that is asked for replaces what stood. */
function withPropagation(
  finalizers: readonly string[],
  policy: DeleteOptions["propagationPolicy"],
): readonly string[] {
  if (policy === undefined) return finalizers;
  const others = finalizers.filter((each) => each !== "orphan" && each !== "foregroundDeletion");
  if (policy === "Background") return others;
  return [...others, policy === "Orphan" ? "orphan" : "foregroundDeletion"];
}

function withFinalizers(metadata: ApiMeta, finalizers: readonly string[]): ApiMeta {
  const { finalizers: _, ...rest } = metadata;
  return (finalizers.length === 0 ? rest : { ...rest, finalizers }) as ApiMeta;
}

interface Marks {
  readonly deletionTimestamp: string;
  readonly deletionGracePeriodSeconds: number;
  readonly generation?: number;
}

function marksOf(def: ResourceDef, object: ApiObject, asked: number | undefined, now: Date): Marks {
  const { deletionTimestamp, deletionGracePeriodSeconds: before = 0, generation } = object.metadata;
  const grace = Math.max(0, def.deletionGraceSeconds?.(object, asked) ?? 0);
  if (deletionTimestamp === undefined) {
    return {
      deletionTimestamp: timestamp(now.getTime() + grace * 1000),
      deletionGracePeriodSeconds: grace,
      ...(generation === undefined ? {} : { generation: generation + 1 }),
    };
  }
  if (asked === undefined || grace >= before)
    return { deletionTimestamp, deletionGracePeriodSeconds: before };
  const end = Date.parse(deletionTimestamp) - (before - grace) * 1000;
  return { deletionTimestamp: timestamp(end), deletionGracePeriodSeconds: grace };
}

/** RFC 3339 in whole seconds. */
export function timestamp(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, "Z");
}
