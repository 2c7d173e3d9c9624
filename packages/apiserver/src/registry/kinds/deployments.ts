import { validateObject } from "@portcullis/engine";
import type { ApiObject } from "../../api-object.ts";
import { asRecord, withDefaults } from "../../json.ts";
import { ageColumn, asNumber, nameColumn, text } from "./columns/columns.ts";
import { selectorQuery } from "./columns/selector-text.ts";
import { containerColumns } from "./columns/template-columns.ts";
import { withTemplateDefaults } from "./defaults/pod-spec.ts";
import { kindEntry } from "./entry.ts";
import { strategyErrors } from "./validation/deployment-strategy.ts";
import { selectorUnchanged, workloadErrors } from "./validation/workload.ts";

/** apps/v1 Deployment. */
export const deployments = kindEntry({
  group: "apps",
  version: "v1",
  kind: "Deployment",
  plural: "deployments",
  shortNames: ["deploy"],
  categories: ["all"],
  subresources: ["status", "scale"],
  behaviour: "full",
  countsGeneration: true,
  columns: [
    nameColumn,
    text("Ready", "Ready pods, of those wanted.", readyText),
    text("Up-to-date", "Pods of the newest template.", ({ status }) =>
      asNumber(asRecord(status).updatedReplicas),
    ),
    text("Available", "Pods that have been ready for long enough.", ({ status }) =>
      asNumber(asRecord(status).availableReplicas),
    ),
    ageColumn,
    ...containerColumns(),
    text(
      "Selector",
      "Selects the pods that belong to it.",
      ({ spec }) => selectorQuery(asRecord(spec).selector),
      {
        wide: true,
      },
    ),
  ],
  defaults,
  validate: (value) => [
    ...validateObject(value),
    ...workloadErrors(value, "deployment"),
    ...strategyErrors(asRecord(asRecord(value).spec)),
  ],
  validateUpdate: selectorUnchanged,
  prepareCreate: (object) => ({ ...object, status: {} }),
  scaleSelector: ({ spec }) => selectorQuery(asRecord(spec).selector),
});

/** `1/3`, of a Deployment or a StatefulSet. */
export function readyText({ spec, status }: ApiObject): string {
  return `${asNumber(asRecord(status).readyReplicas)}/${asNumber(asRecord(spec).replicas)}`;
}

function defaults(deployment: ApiObject): ApiObject {
  const spec = withDefaults(withTemplateDefaults(asRecord(deployment.spec)), {
    replicas: 1,
    strategy: {},
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
  });
  const strategy = withDefaults(asRecord(spec.strategy), { type: "RollingUpdate" });
  if (strategy.type !== "RollingUpdate") return { ...deployment, spec: { ...spec, strategy } };
  const rollingUpdate = withDefaults(asRecord(strategy.rollingUpdate), {
    maxUnavailable: "25%",
    maxSurge: "25%",
  });
  return { ...deployment, spec: { ...spec, strategy: { ...strategy, rollingUpdate } } };
}
