import { isRecord } from "../../json.ts";
import type { Schema, SchemaSource } from "../../schema/schema.ts";
import { getOwn, type JsonRecord, mapRecord, setOwn } from "../json-value.ts";
import { malformed } from "../patch-error.ts";
import { extension, type FieldSchema, fieldSchema, itemSchema, memberSchema } from "../schema-field.ts";
import { fieldOf, isDeletion, isDirective, isOrder, patchKey, retainKeysKey } from "./directives.ts";
import { inOrder } from "./element-order.ts";
import { haveMaps, identity, keyReader, mergeList } from "./merge-list.ts";
import {
  badElementOrder,
  badPatchType,
  badPrimitiveList,
  badRetainKeys,
  internal,
  wrongType,
} from "./patch-refusals.ts";
import { withoutDirectives } from "./without-directives.ts";

/**
 * The target after a strategic merge patch (Kubernetes API conventions, "strategic merge patch"): objects merge, lists
 * merge or are replaced as the schema's patch strategy says, null removes. Throws PatchError; a kind without a schema
 * (a custom resource) cannot be patched so, the caller answers 415.
 */
export function applyStrategicMergePatch(
  target: JsonRecord,
  patch: unknown,
  schema: Schema,
  schemas: SchemaSource,
): JsonRecord {
  if (!isRecord(patch)) throw malformed("invalid JSON document");
  return new StrategicMerge(schemas).mergeMap(target, patch, fieldSchema(schemas, schema));
}

class StrategicMerge {
  readonly #schemas: SchemaSource;

  constructor(schemas: SchemaSource) {
    this.#schemas = schemas;
  }

  mergeMap(target: JsonRecord, patch: JsonRecord, schema: FieldSchema | undefined): JsonRecord {
    if (Object.hasOwn(patch, patchKey)) return replaceMap(patch);
    const merged = retained(target, patch);
    const ordered = this.#mergeOrdered(merged, patch, schema);
    for (const key of Object.keys(patch)) {
      if (isDeletion(key)) deleteFromList(merged, key, patch[key]);
      else if (!isDirective(key) && !ordered.has(key)) this.#mergeMember(merged, key, patch[key], schema);
    }
    return merged;
  }

  #mergeMember(
    merged: Record<string, unknown>,
    key: string,
    value: unknown,
    schema: FieldSchema | undefined,
  ): void {
    if (value === null) {
      delete merged[key];
      return;
    }
    const field = memberSchema(this.#schemas, schema, key);
    setOwn(merged, key, this.#mergeValue(getOwn(merged, key), value, field));
  }

  #mergeValue(target: unknown, patch: unknown, field: FieldSchema | undefined): unknown {
    const strategy = extension(field, "patchStrategy") ?? [];
    if (isRecord(target) && isRecord(patch)) {
      return strategy.includes("replace") ? withoutDirectives(patch) : this.mergeMap(target, patch, field);
    }
    if (Array.isArray(target) && Array.isArray(patch) && strategy.includes("merge")) {
      return this.#mergeList(target, patch, field);
    }
    return withoutDirectives(patch);
  }

  #mergeList(target: readonly unknown[], patch: readonly unknown[], field: FieldSchema | undefined) {
    const items = itemSchema(this.#schemas, field);
    return mergeList(target, patch, extension(field, "patchMergeKey"), (original, item) =>
      this.mergeMap(original, item, items),
    );
  }

  /** The lists that come with an order of their own; returns the fields that are done with it. */
  #mergeOrdered(
    merged: Record<string, unknown>,
    patch: JsonRecord,
    schema: FieldSchema | undefined,
  ): ReadonlySet<string> {
    const done = new Set<string>();
    for (const directive of Object.keys(patch).filter(isOrder)) {
      const key = fieldOf(directive);
      const order = patch[directive];
      if (key === undefined) throw badElementOrder();
      if (!Array.isArray(order)) throw wrongType("list", order);
      const before = listAt(merged, key);
      const change = listAt(patch, key);
      if (before === undefined && change === undefined) continue;
      const field = memberSchema(this.#schemas, schema, key);
      const mergeKey = extension(field, "patchMergeKey");
      if (change !== undefined) checkOrder(change, order, mergeKey);
      const together = this.#together(before, change, field);
      const keyOf = haveMaps(together, order) ? keyReader(required(mergeKey)) : identity;
      setOwn(merged, key, inOrder(together, order, before ?? [], keyOf));
      done.add(key);
    }
    return done;
  }

  #together(
    before: readonly unknown[] | undefined,
    change: readonly unknown[] | undefined,
    field: FieldSchema | undefined,
  ): readonly unknown[] {
    if (change === undefined) return before ?? [];
    return this.#mergeValue(before, change, field) as readonly unknown[];
  }
}

function required(mergeKey: string | undefined): string {
  if (mergeKey === undefined) throw internal("cannot merge lists without merge key for type struct");
  return mergeKey;
}

function listAt(record: JsonRecord, key: string): readonly unknown[] | undefined {
  if (!Object.hasOwn(record, key)) return undefined;
  const list = record[key];
  if (!Array.isArray(list)) throw wrongType("list", list);
  return list;
}

/** A map with `$patch` is not merged. */
function replaceMap(patch: JsonRecord): JsonRecord {
  const directive = patch[patchKey];
  if (directive === "delete") return {};
  if (directive !== "replace") throw badPatchType(directive, patch);
  return withoutDirectives(patch) as JsonRecord;
}

/** A copy of the target, with no more than the fields that `$retainKeys` names when the patch has it. */
function retained(target: JsonRecord, patch: JsonRecord): Record<string, unknown> {
  if (!Object.hasOwn(patch, retainKeysKey)) return { ...target };
  const list = patch[retainKeysKey];
  if (!Array.isArray(list)) throw badRetainKeys();
  const keys = new Set<unknown>(list);
  for (const key of Object.keys(patch)) {
    if (patch[key] !== null && !isDirective(key) && !keys.has(key)) throw badRetainKeys();
  }
  return mapRecord(target, (value, key) => (keys.has(key) ? value : undefined));
}

function deleteFromList(merged: Record<string, unknown>, directive: string, values: unknown): void {
  const key = fieldOf(directive);
  if (key === undefined || !Array.isArray(values)) throw badPrimitiveList();
  const list = getOwn(merged, key);
  if (!Array.isArray(list)) return;
  const gone = new Set<unknown>(values);
  setOwn(
    merged,
    key,
    list.filter((item) => !gone.has(item)),
  );
}

/** The patch's items, deletions aside, have to come in the order that the patch asks for. */
function checkOrder(
  change: readonly unknown[],
  order: readonly unknown[],
  mergeKey: string | undefined,
): void {
  const keyOf = (item: unknown) => (isRecord(item) && mergeKey !== undefined ? getOwn(item, mergeKey) : item);
  const items = change.filter((item) => !(isRecord(item) && Object.hasOwn(item, patchKey)));
  let next = 0;
  for (const place of order) {
    if (next < items.length && keyOf(items[next]) === keyOf(place)) next++;
  }
  if (next < items.length) {
    const named = (list: readonly unknown[]) => JSON.stringify(list.map(keyOf));
    throw internal(
      `The order in patch list:\n${named(change)}\n doesn't match $setElementOrder list:\n${named(order)}\n`,
    );
  }
}
