import { isRecord, sameJson } from "../../json.ts";
import type { Schema, SchemaSource } from "../../schema/schema.ts";
import { fieldSchema } from "../schema-field.ts";
import { capManagers } from "./cap-managers.ts";
import { changeOwners, excluding } from "./change-owners.ts";
import { compareValues } from "./compare-values.ts";
import { decodeManagers, identityOf, type Managers, timeText } from "./managers.ts";
import {
  fieldsNamed,
  managedFieldsOf,
  ownable,
  withEntries,
  withManagedFields,
  withManager,
  withoutManagedFields,
} from "./own-metadata.ts";
import { TypedField } from "./typed-field.ts";

type JsonObject = Readonly<Record<string, unknown>>;

interface UpdateToTrack<T extends JsonObject> {
  /** Undefined for a new object. */
  readonly old: T | undefined;
  /** With defaults, and with `metadata.managedFields` as the client sent it. */
  readonly next: T;
  readonly schema: Schema | undefined;
  readonly schemas: SchemaSource;
  /** `fieldManager` of the request, or the first part of its User-Agent. */
  readonly manager: string;
  /** `status`, `scale`; "" for the object itself. */
  readonly subresource: string;
  readonly apiVersion: string;
  readonly now: Date;
  /** As for `serverSideApply`. */
  readonly resetFields: readonly (readonly string[])[];
}

/**
 * `next` with `metadata.managedFields` brought up to date after a create, an update or a patch that is no apply: what
 * changed belongs to the manager's Update entry and to nobody else. A client that sends managedFields edits them, and
 * `[]` or `[{}]` clears them; then nothing is tracked until the next apply.
 */
export function trackUpdate<T extends JsonObject>(update: UpdateToTrack<T>): T {
  const { old, next, schemas, manager, subresource, apiVersion, now } = update;
  const before = managersBefore(update);
  const bare = withoutManagedFields(next);
  if (before.size === 0 && old !== undefined) return bare as T;
  const field = new TypedField(schemas, fieldSchema(schemas, update.schema));
  const reset = fieldsNamed(update.resetFields);
  const start = old === undefined ? hollow(bare) : withoutManagedFields(old);
  const change = excluding(compareValues(start, bare, field), reset);
  const { managers } = changeOwners(before, change, undefined);
  const fields = ownable(change.modified.union(change.added));
  if (fields.isEmpty) return withManagedFields(bare, capManagers(managers)) as T;
  const self = { manager: manager || "unknown", operation: "Update", apiVersion, subresource } as const;
  const id = identityOf(self);
  const all = fields.union(managers.get(id)?.fields ?? fields);
  const owned = withManager(managers, id, { ...self, time: timeText(now), fields: all });
  return withManagedFields(bare, capManagers(owned)) as T;
}

function managersBefore({ old, next, subresource }: UpdateToTrack<JsonObject>): Managers {
  const live = () => decodeManagers(managedFieldsOf(old)) ?? new Map();
  const sent = managedFieldsOf(next);
  if (subresource !== "" || sent === undefined || sent === null) return live();
  if (isReset(sent)) return new Map();
  const decoded = decodeManagers(sent);
  return decoded === undefined || decoded.size === 0 ? live() : decoded;
}

function isReset(managedFields: unknown): boolean {
  if (!Array.isArray(managedFields) || managedFields.length > 1) return false;
  const [only] = managedFields;
  return only === undefined || (isRecord(only) && Object.keys(only).length === 0);
}

/** Objects that a new object of any kind has before anything is written to them, so that writing does not own them. */
const inherent = new Set([
  "metadata",
  "spec",
  "status",
  "template",
  "strategy",
  "updateStrategy",
  "jobTemplate",
]);

function hollow(object: JsonObject): JsonObject {
  const parts = Object.entries(object).filter(([name, value]) => inherent.has(name) && isRecord(value));
  return Object.fromEntries(parts.map(([name, value]) => [name, hollow(value as JsonObject)]));
}

/**
 * The old object when nothing but times in managedFields is new: such a write is none (apiserver,
 * IgnoreManagedFieldsTimestamps). Both have their defaults.
 */
export function unlessOnlyTimesChanged<T extends JsonObject>(old: T, next: T): T {
  return sameJson(withoutTimes(old), withoutTimes(next)) ? old : next;
}

function withoutTimes(object: JsonObject): JsonObject {
  const managed = managedFieldsOf(object);
  if (!Array.isArray(managed)) return object;
  const entries = managed.map((entry) => (isRecord(entry) ? { ...entry, time: undefined } : entry));
  return withEntries(withoutManagedFields(object), entries);
}
