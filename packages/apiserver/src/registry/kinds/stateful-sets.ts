import { validateObject } from "@portcullis/engine";
import type { ApiObject } from "../../api-object.ts";
import { asRecord, sameJson, withDefaults } from "../../json.ts";
import type { FieldError } from "../resource-def.ts";
import { ageColumn, nameColumn, text } from "./columns/columns.ts";
import { selectorQuery } from "./columns/selector-text.ts";
import { containerColumns } from "./columns/template-columns.ts";
import { withTemplateDefaults } from "./defaults/pod-spec.ts";
import { readyText } from "./deployments.ts";
import { kindEntry } from "./entry.ts";
import { withClaimDefaults } from "./persistent-volume-claims.ts";
import { choiceErrors } from "./validation/choice.ts";
import { forbidden } from "./validation/field-errors.ts";
import { workloadErrors } from "./validation/workload.ts";

/** apps/v1 StatefulSet. */
export const statefulSets = kindEntry({
  group: "apps",
  version: "v1",
  kind: "StatefulSet",
  plural: "statefulsets",
  shortNames: ["sts"],
  categories: ["all"],
  subresources: ["status", "scale"],
  behaviour: "full",
  countsGeneration: true,
  columns: [
    nameColumn,
    text("Ready", "Ready pods, of those wanted.", readyText),
    ageColumn,
    ...containerColumns(),
  ],
  defaults,
  validate: (value) => [
    ...validateObject(value),
    ...workloadErrors(value, "statefulset"),
    ...policyErrors(asRecord(asRecord(value).spec)),
  ],
  validateUpdate,
  prepareCreate: (object) => ({ ...object, status: { replicas: 0, availableReplicas: 0 } }),
  scaleSelector: ({ spec }) => selectorQuery(asRecord(spec).selector),
});

function defaults(set: ApiObject): ApiObject {
  const spec = withDefaults(withTemplateDefaults(asRecord(set.spec)), {
    replicas: 1,
    podManagementPolicy: "OrderedReady",
    updateStrategy: {},
    revisionHistoryLimit: 10,
    persistentVolumeClaimRetentionPolicy: {},
  });
  const updateStrategy = withDefaults(asRecord(spec.updateStrategy), { type: "RollingUpdate" });
  const rollingUpdate = withDefaults(asRecord(updateStrategy.rollingUpdate), { partition: 0 });
  return {
    ...set,
    spec: {
      ...spec,
      updateStrategy:
        updateStrategy.type === "RollingUpdate" ? { ...updateStrategy, rollingUpdate } : updateStrategy,
      persistentVolumeClaimRetentionPolicy: withDefaults(
        asRecord(spec.persistentVolumeClaimRetentionPolicy),
        {
          whenDeleted: "Retain",
          whenScaled: "Retain",
        },
      ),
      ...(Array.isArray(spec.volumeClaimTemplates)
        ? { volumeClaimTemplates: spec.volumeClaimTemplates.map(claimTemplate) }
        : {}),
    },
  };
}

function claimTemplate(claim: unknown): unknown {
  const { spec, status } = asRecord(claim);
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    ...asRecord(claim),
    spec: withClaimDefaults(asRecord(spec)),
    status: withDefaults(asRecord(status), { phase: "Pending" }),
  };
}

function policyErrors(spec: Readonly<Record<string, unknown>>): readonly FieldError[] {
  return [
    ...choiceErrors(spec, "spec", { podManagementPolicy: ["OrderedReady", "Parallel"] }),
    ...choiceErrors(asRecord(spec.updateStrategy), "spec.updateStrategy", {
      type: ["RollingUpdate", "OnDelete"],
    }),
  ];
}

const mutable = [
  "replicas",
  "ordinals",
  "template",
  "updateStrategy",
  "revisionHistoryLimit",
  "persistentVolumeClaimRetentionPolicy",
  "minReadySeconds",
];

function validateUpdate(set: ApiObject, old: ApiObject): readonly FieldError[] {
  const fixed = (object: ApiObject) =>
    Object.fromEntries(Object.entries(asRecord(object.spec)).filter(([field]) => !mutable.includes(field)));
  if (sameJson(fixed(set), fixed(old))) return [];
  const names = mutable.map((field) => `'${field}'`);
  const why = `updates to statefulset spec for fields other than ${names.slice(0, -1).join(", ")} and ${names.at(-1)} are forbidden`;
  return [forbidden("spec", why)];
}
