import type { ApiObject } from "../../api-object.ts";
import { asList, asRecord, sameJson } from "../../json.ts";
import type { FieldError } from "../resource-def.ts";
import { ageColumn, asNumber, nameColumn, text } from "./columns/columns.ts";
import { kindEntry } from "./entry.ts";
import { invalid, required } from "./validation/field-errors.ts";
import { metadataErrors } from "./validation/metadata.ts";

/** apps/v1 ControllerRevision: a state that a StatefulSet or a DaemonSet was in. */
export const controllerRevisions = kindEntry({
  group: "apps",
  version: "v1",
  kind: "ControllerRevision",
  plural: "controllerrevisions",
  behaviour: "full",
  columns: [
    nameColumn,
    text("Controller", "What the state is of.", controllerOf),
    text("Revision", "Number of the state.", ({ revision }) => asNumber(revision)),
    ageColumn,
  ],
  validate: (value) => [...metadataErrors(value), ...dataErrors(asRecord(value))],
  validateUpdate: (object, old) =>
    sameJson(object.data, old.data) ? [] : [invalid("data", object.data ?? null, "field is immutable")],
});

function controllerOf({ metadata }: ApiObject): string {
  const owner = asList(metadata.ownerReferences)
    .map(asRecord)
    .find(({ controller }) => controller === true);
  if (owner === undefined) return "<none>";
  const { apiVersion, kind, name } = owner;
  const group = String(apiVersion).includes("/") ? `.${String(apiVersion).split("/")[0]}` : "";
  return `${String(kind).toLowerCase()}${group}/${name}`;
}

function dataErrors({ data, revision }: Readonly<Record<string, unknown>>): readonly FieldError[] {
  return [
    ...(data === undefined || data === null ? [required("data", "data is mandatory")] : []),
    ...(asNumber(revision) < 0 ? [invalid("revision", revision, "must be greater than or equal to 0")] : []),
  ];
}
