import { isRecord } from "../../json.ts";
import { mapRecord } from "../json-value.ts";
import { compareValues } from "./compare-values.ts";
import type { FieldSet } from "./field-set.ts";
import { fieldsOf } from "./fields-of.ts";
import type { TypedField } from "./typed-field.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/** Where client-side apply keeps what it applied last. */
const annotation = "kubectl.kubernetes.io/last-applied-configuration";

/** Bytes that all annotations of an object may have together (apimachinery, TotalAnnotationSizeLimitB). */
const maxAnnotationBytes = 256 * 1024;

/**
 * The fields that client-side apply wrote and that still are as it wrote them: `kubectl apply --server-side` may take them
 * over although another manager's entry owns them.
 */
export function lastAppliedFields(
  live: JsonObject,
  apiVersion: string,
  field: TypedField,
): FieldSet | undefined {
  const applied = parsed(annotationsOf(live)[annotation]);
  if (!isRecord(applied) || applied.apiVersion !== apiVersion) return undefined;
  const { removed, modified, added } = compareValues(applied, live, field);
  return fieldsOf(applied, field).difference(modified).difference(added).difference(removed);
}

/** The object with the annotation as client-side apply would now have it, if it has the annotation at all. */
export function withLastApplied(object: JsonObject, applied: JsonObject): JsonObject {
  const annotations = annotationsOf(object);
  if (typeof annotations[annotation] !== "string" || annotations[annotation] === "") return object;
  const text = `${JSON.stringify(sorted(withoutAnnotation(applied)))}\n`;
  const changed = { ...annotations, [annotation]: text };
  const bytes = Object.entries(changed).reduce((sum, [key, value]) => sum + size(key) + size(value), 0);
  const kept = bytes > maxAnnotationBytes ? without(annotations, annotation) : changed;
  return { ...object, metadata: { ...(object.metadata as JsonObject), annotations: kept } };
}

function annotationsOf(object: JsonObject): JsonObject {
  const annotations = isRecord(object.metadata) ? object.metadata.annotations : undefined;
  return isRecord(annotations) ? annotations : {};
}

function withoutAnnotation(applied: JsonObject): JsonObject {
  const annotations = annotationsOf(applied);
  if (!Object.hasOwn(annotations, annotation)) return applied;
  const metadata = { ...(applied.metadata as JsonObject), annotations: without(annotations, annotation) };
  return { ...applied, metadata };
}

function without(record: JsonObject, name: string): JsonObject {
  return mapRecord(record, (value, key) => (key === name ? undefined : value));
}

function size(value: unknown): number {
  return typeof value === "string" ? Buffer.byteLength(value) : 0;
}

function parsed(text: unknown): unknown {
  try {
    return typeof text === "string" ? (JSON.parse(text) as unknown) : undefined;
  } catch {
    return undefined;
  }
}

/** Keys in order, as Go writes maps. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}
