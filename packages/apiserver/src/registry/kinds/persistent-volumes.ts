import { asList, asRecord, asString, isRecord, withDefaults } from "../../json.ts";
import type { FieldError } from "../resource-def.ts";
import { accessModesText } from "./columns/access-modes.ts";
import { ageColumn, nameColumn, text } from "./columns/columns.ts";
import { kindEntry } from "./entry.ts";
import { orUnset, volumePhase } from "./persistent-volume-claims.ts";
import { required } from "./validation/field-errors.ts";
import { metadataErrors } from "./validation/metadata.ts";

/** core/v1 PersistentVolume. */
export const persistentVolumes = kindEntry({
  group: "",
  version: "v1",
  kind: "PersistentVolume",
  plural: "persistentvolumes",
  shortNames: ["pv"],
  namespaced: false,
  subresources: ["status"],
  columns: [
    nameColumn,
    text("Capacity", "Size.", ({ spec }) => asString(asRecord(asRecord(spec).capacity).storage)),
    text("Access Modes", "How it can be mounted.", ({ spec }) => accessModesText(asRecord(spec).accessModes)),
    text("Reclaim Policy", "What becomes of it when its claim goes.", ({ spec }) =>
      asString(asRecord(spec).persistentVolumeReclaimPolicy),
    ),
    text("Status", "Phase of the volume.", volumePhase),
    text("Claim", "Claim that has it.", ({ spec }) => {
      const { claimRef } = asRecord(spec);
      return isRecord(claimRef) ? `${asString(claimRef.namespace)}/${asString(claimRef.name)}` : "";
    }),
    text("StorageClass", "Class of the volume.", ({ spec }) => asString(asRecord(spec).storageClassName)),
    text("VolumeAttributesClass", "Class of its attributes.", ({ spec }) =>
      orUnset(asRecord(spec).volumeAttributesClassName),
    ),
    text("Reason", "Why it is in its phase.", ({ status }) => asString(asRecord(status).reason)),
    ageColumn,
    text("VolumeMode", "File system or block device.", ({ spec }) => orUnset(asRecord(spec).volumeMode), {
      wide: true,
    }),
  ],
  defaults: (volume) => ({
    ...volume,
    spec: withDefaults(asRecord(volume.spec), {
      persistentVolumeReclaimPolicy: "Retain",
      volumeMode: "Filesystem",
    }),
  }),
  validate: (value) => [
    ...metadataErrors(value, { namespaced: false }),
    ...specErrors(asRecord(asRecord(value).spec)),
  ],
  prepareCreate: (object) => ({ ...object, status: { phase: "Pending" } }),
});

function specErrors(spec: Readonly<Record<string, unknown>>): readonly FieldError[] {
  return [
    ...(asList(spec.accessModes).length === 0 ? [required("spec.accessModes")] : []),
    ...(Object.keys(asRecord(spec.capacity)).length === 0 ? [required("spec.capacity")] : []),
  ];
}
