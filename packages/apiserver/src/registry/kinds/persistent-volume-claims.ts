import type { ApiObject } from "../../api-object.ts";
import { asList, asRecord, asString, withDefaults } from "../../json.ts";
import type { FieldError } from "../resource-def.ts";
import { accessModesText } from "./columns/access-modes.ts";
import { ageColumn, nameColumn, text } from "./columns/columns.ts";
import { kindEntry } from "./entry.ts";
import { required } from "./validation/field-errors.ts";
import { metadataErrors } from "./validation/metadata.ts";

/** core/v1 PersistentVolumeClaim. */
export const persistentVolumeClaims = kindEntry({
  group: "",
  version: "v1",
  kind: "PersistentVolumeClaim",
  plural: "persistentvolumeclaims",
  shortNames: ["pvc"],
  subresources: ["status"],
  columns: [
    nameColumn,
    text("Status", "Phase of the claim.", volumePhase),
    text("Volume", "Volume that it got.", ({ spec }) => asString(asRecord(spec).volumeName)),
    text("Capacity", "Size of the volume.", ({ spec, status }) =>
      isBound(spec) ? asString(asRecord(asRecord(status).capacity).storage) : "",
    ),
    text("Access Modes", "How the volume can be mounted.", ({ spec, status }) =>
      isBound(spec) ? accessModesText(asRecord(status).accessModes) : "",
    ),
    text("StorageClass", "Class of the volume.", ({ spec }) => asString(asRecord(spec).storageClassName)),
    text("VolumeAttributesClass", "Class of the volume's attributes.", ({ spec }) =>
      orUnset(asRecord(spec).volumeAttributesClassName),
    ),
    ageColumn,
    text("VolumeMode", "File system or block device.", ({ spec }) => orUnset(asRecord(spec).volumeMode), {
      wide: true,
    }),
  ],
  defaults: (claim) => ({ ...claim, spec: withClaimDefaults(asRecord(claim.spec)) }),
  validate: (value) => [...metadataErrors(value), ...specErrors(asRecord(asRecord(value).spec))],
  prepareCreate: (object) => ({ ...object, status: { phase: "Pending" } }),
});

/** What the spec of a claim is filled with, here and in a StatefulSet. */
export function withClaimDefaults(
  spec: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return withDefaults(spec, { volumeMode: "Filesystem" });
}

/** The phase, of a claim and of a volume. */
export function volumePhase({ metadata, status }: ApiObject): string {
  return metadata.deletionTimestamp === undefined ? asString(asRecord(status).phase) : "Terminating";
}

export function orUnset(value: unknown): string {
  return asString(value) || "<unset>";
}

function isBound(spec: unknown): boolean {
  return asString(asRecord(spec).volumeName) !== "";
}

function specErrors(spec: Readonly<Record<string, unknown>>): readonly FieldError[] {
  const { requests } = asRecord(spec.resources);
  return [
    ...(asList(spec.accessModes).length === 0
      ? [required("spec.accessModes", "at least 1 access mode is required")]
      : []),
    ...(asRecord(requests).storage === undefined ? [required("spec.resources[storage]")] : []),
  ];
}
