import type { ApiObject } from "../../api-object.ts";
import { asRecord, asString, sameJson, withDefaults } from "../../json.ts";
import type { FieldError } from "../resource-def.ts";
import { ageColumn, asNumber, boolean, integer, nameColumn, nameColumnOf, text } from "./columns/columns.ts";
import { kindEntry } from "./entry.ts";
import { forbidden, invalid, required } from "./validation/field-errors.ts";
import { metadataErrors } from "./validation/metadata.ts";

const defaultClass = "storageclass.kubernetes.io/is-default-class";

/** storage.k8s.io/v1 StorageClass. */
export const storageClasses = kindEntry({
  group: "storage.k8s.io",
  version: "v1",
  kind: "StorageClass",
  plural: "storageclasses",
  shortNames: ["sc"],
  namespaced: false,
  columns: [
    nameColumnOf(({ metadata }) =>
      metadata.annotations?.[defaultClass] === "true" ? `${metadata.name} (default)` : metadata.name,
    ),
    text("Provisioner", "What makes the volumes.", ({ provisioner }) => asString(provisioner)),
    text("ReclaimPolicy", "What becomes of a volume when its claim goes.", (one) =>
      asString(one.reclaimPolicy),
    ),
    text("VolumeBindingMode", "When a volume is made.", (one) => asString(one.volumeBindingMode)),
    text("AllowVolumeExpansion", "Whether volumes can grow.", (one) => one.allowVolumeExpansion === true),
    ageColumn,
  ],
  defaults: (object) =>
    withDefaults(object, { reclaimPolicy: "Delete", volumeBindingMode: "Immediate" }) as ApiObject,
  validate: (value) => [
    ...metadataErrors(value, { namespaced: false }),
    ...requiredText(value, "provisioner"),
  ],
  validateUpdate: (object, old) =>
    ["parameters", "provisioner"].flatMap((field) => fixed(object, old, field)),
});

/** scheduling.k8s.io/v1 PriorityClass. */
export const priorityClasses = kindEntry({
  group: "scheduling.k8s.io",
  version: "v1",
  kind: "PriorityClass",
  plural: "priorityclasses",
  shortNames: ["pc"],
  namespaced: false,
  columns: [
    nameColumn,
    integer("Value", "Priority of the pods; more goes first.", ({ value }) => value),
    boolean(
      "Global-Default",
      "Whether pods without a class get this one.",
      (one) => one.globalDefault === true,
    ),
    ageColumn,
    text("PreemptionPolicy", "Whether pods push others out.", (one) => asString(one.preemptionPolicy)),
  ],
  defaults: (object) => withDefaults(object, { preemptionPolicy: "PreemptLowerPriority" }) as ApiObject,
  validate: (value) => [...metadataErrors(value, { namespaced: false }), ...priorityErrors(asRecord(value))],
  validateUpdate: (object, old) =>
    ["value", "preemptionPolicy"].flatMap((field) => fixed(object, old, field)),
});

/** node.k8s.io/v1 RuntimeClass. */
export const runtimeClasses = kindEntry({
  group: "node.k8s.io",
  version: "v1",
  kind: "RuntimeClass",
  plural: "runtimeclasses",
  namespaced: false,
  columns: [
    nameColumn,
    text("Handler", "What runs the pods.", ({ handler }) => asString(handler)),
    ageColumn,
  ],
  validate: (value) => [...metadataErrors(value, { namespaced: false }), ...requiredText(value, "handler")],
});

/** What only Kubernetes' own classes may use, by name and by value. */
export const systemPriorities: Readonly<Record<string, number>> = {
  "system-cluster-critical": 2_000_000_000,
  "system-node-critical": 2_000_001_000,
};
const highestUserPriority = 1_000_000_000;

function priorityErrors({ metadata, value }: Readonly<Record<string, unknown>>): readonly FieldError[] {
  const name = asString(asRecord(metadata).name);
  if (Object.hasOwn(systemPriorities, name) && systemPriorities[name] === value) return [];
  if (name.startsWith("system-")) {
    const why = "priority class names with 'system-' prefix are reserved for system use only";
    return [forbidden("metadata.name", why)];
  }
  if (asNumber(value) <= highestUserPriority) return [];
  return [forbidden("value", `maximum allowed value of a user defined priority is ${highestUserPriority}`)];
}

function requiredText(value: unknown, field: string): readonly FieldError[] {
  return asString(asRecord(value)[field]) === "" ? [required(field)] : [];
}

function fixed(object: ApiObject, old: ApiObject, field: string): readonly FieldError[] {
  if (sameJson(object[field], old[field])) return [];
  return field === "value"
    ? [forbidden(field, "may not be changed in an update.")]
    : [invalid(field, object[field] ?? null, "field is immutable")];
}
