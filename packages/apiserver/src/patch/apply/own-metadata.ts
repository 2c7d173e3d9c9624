import { isRecord } from "../../json.ts";
import { mapRecord } from "../json-value.ts";
import { FieldSet } from "./field-set.ts";
import { encodeManagers, type ManagedFieldsEntry, type Manager, type Managers } from "./managers.ts";
import { fieldElement } from "./path-element.ts";

type JsonObject = Readonly<Record<string, unknown>>;

const path = (...names: readonly string[]) => names.map(fieldElement);

/** What the server or the path of the request says of an object: nobody owns it. */
const neverOwned = FieldSet.of(
  path("apiVersion"),
  path("kind"),
  path("metadata"),
  ...[
    "name",
    "namespace",
    "creationTimestamp",
    "selfLink",
    "uid",
    "clusterName",
    "generation",
    "managedFields",
    "resourceVersion",
  ].map((name) => path("metadata", name)),
);

export function ownable(fields: FieldSet): FieldSet {
  return fields.difference(neverOwned);
}

/** Puts the manager in its place, or takes it away when it owns nothing. */
export function withManager(managers: Managers, id: string, manager: Manager): Managers {
  const changed = new Map(managers);
  if (manager.fields.isEmpty) changed.delete(id);
  else changed.set(id, manager);
  return changed;
}

/** The fields as paths of names, for whoever declares what requests of one endpoint cannot change. */
export function fieldsNamed(paths: readonly (readonly string[])[]): FieldSet {
  return FieldSet.of(...paths.map((names) => path(...names)));
}

export function managedFieldsOf(object: JsonObject | undefined): unknown {
  const metadata = object?.metadata;
  return isRecord(metadata) && Object.hasOwn(metadata, "managedFields") ? metadata.managedFields : undefined;
}

/** The object as it is compared and merged: without the record of who owns what. */
export function withoutManagedFields(object: JsonObject): JsonObject {
  const { metadata } = object;
  if (!isRecord(metadata) || !Object.hasOwn(metadata, "managedFields")) return object;
  return {
    ...object,
    metadata: mapRecord(metadata, (value, name) => (name === "managedFields" ? undefined : value)),
  };
}

export function withManagedFields(object: JsonObject, managers: Managers): JsonObject {
  return withEntries(withoutManagedFields(object), encodeManagers(managers));
}

export function withEntries(bare: JsonObject, managedFields: readonly ManagedFieldsEntry[]): JsonObject {
  if (managedFields.length === 0) return bare;
  const metadata = isRecord(bare.metadata) ? bare.metadata : {};
  return { ...bare, metadata: { ...metadata, managedFields } };
}
