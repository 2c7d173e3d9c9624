import { validateObject } from "@portcullis/engine";
import type { ApiObject } from "../../api-object.ts";
import { asRecord, withDefaults } from "../../json.ts";
import { replicaColumns } from "./columns/replica-columns.ts";
import { labelsText } from "./columns/selector-text.ts";
import { labelMapColumn } from "./columns/template-columns.ts";
import { withTemplateDefaults } from "./defaults/pod-spec.ts";
import { kindEntry } from "./entry.ts";
import { required } from "./validation/field-errors.ts";

/** core/v1 ReplicationController. */
export const replicationControllers = kindEntry({
  group: "",
  version: "v1",
  kind: "ReplicationController",
  plural: "replicationcontrollers",
  shortNames: ["rc"],
  categories: ["all"],
  subresources: ["status", "scale"],
  countsGeneration: true,
  columns: [...replicaColumns, labelMapColumn],
  selectableFields: { "status.replicas": ({ status }) => String(asRecord(status).replicas ?? 0) },
  defaults,
  validate: (value) => {
    const { selector, template } = asRecord(asRecord(value).spec);
    const labels = asRecord(asRecord(asRecord(template).metadata).labels);
    const selects = Object.keys(asRecord(selector)).length > 0 || Object.keys(labels).length > 0;
    return [...validateObject(value), ...(selects ? [] : [required("spec.selector")])];
  },
  prepareCreate: (object) => ({ ...object, status: { replicas: 0 } }),
  scaleSelector: ({ spec }) => {
    const { selector } = asRecord(spec);
    return Object.keys(asRecord(selector)).length === 0 ? "" : labelsText(selector);
  },
});

/** Without a selector it has the labels of its template, and so have its own labels. */
function defaults(controller: ApiObject): ApiObject {
  const spec = withTemplateDefaults(asRecord(controller.spec));
  const labels = asRecord(asRecord(asRecord(spec.template).metadata).labels) as Record<string, string>;
  const { metadata } = controller;
  const own = Object.keys(metadata.labels ?? {}).length > 0 || Object.keys(labels).length === 0;
  return {
    ...controller,
    metadata: own ? metadata : { ...metadata, labels },
    spec: withDefaults(spec, {
      replicas: 1,
      ...(Object.keys(labels).length > 0 ? { selector: labels } : {}),
    }),
  };
}
