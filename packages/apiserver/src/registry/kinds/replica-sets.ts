import { validateObject } from "@portcullis/engine";
import { asRecord, withDefaults } from "../../json.ts";
import { replicaColumns } from "./columns/replica-columns.ts";
import { selectorQuery } from "./columns/selector-text.ts";
import { selectorColumn } from "./columns/template-columns.ts";
import { withTemplateDefaults } from "./defaults/pod-spec.ts";
import { kindEntry } from "./entry.ts";
import { selectorUnchanged, workloadErrors } from "./validation/workload.ts";

/** apps/v1 ReplicaSet. */
export const replicaSets = kindEntry({
  group: "apps",
  version: "v1",
  kind: "ReplicaSet",
  plural: "replicasets",
  shortNames: ["rs"],
  categories: ["all"],
  subresources: ["status", "scale"],
  behaviour: "full",
  countsGeneration: true,
  columns: [...replicaColumns, selectorColumn],
  selectableFields: { "status.replicas": ({ status }) => String(asRecord(status).replicas ?? 0) },
  defaults: (object) => ({
    ...object,
    spec: withDefaults(withTemplateDefaults(asRecord(object.spec)), { replicas: 1 }),
  }),
  validate: (value) => [...validateObject(value), ...workloadErrors(value, "replicaset")],
  validateUpdate: selectorUnchanged,
  prepareCreate: (object) => ({ ...object, status: { replicas: 0 } }),
  scaleSelector: ({ spec }) => selectorQuery(asRecord(spec).selector),
});
