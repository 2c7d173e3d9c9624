import { validateObject } from "@portcullis/engine";
import type { ApiObject } from "../../api-object.ts";
import { asRecord, withDefaults } from "../../json.ts";
import { ageColumn, integer, nameColumn, text } from "./columns/columns.ts";
import { labelsText } from "./columns/selector-text.ts";
import { containerColumns, selectorColumn, templateOf } from "./columns/template-columns.ts";
import { withTemplateDefaults } from "./defaults/pod-spec.ts";
import { kindEntry } from "./entry.ts";
import { choiceErrors } from "./validation/choice.ts";
import { selectorUnchanged, workloadErrors } from "./validation/workload.ts";

const noPods = {
  currentNumberScheduled: 0,
  desiredNumberScheduled: 0,
  numberMisscheduled: 0,
  numberReady: 0,
};

/** apps/v1 DaemonSet. */
export const daemonSets = kindEntry({
  group: "apps",
  version: "v1",
  kind: "DaemonSet",
  plural: "daemonsets",
  shortNames: ["ds"],
  categories: ["all"],
  subresources: ["status"],
  behaviour: "full",
  countsGeneration: true,
  columns: [
    nameColumn,
    count("Desired", "Nodes that should run a pod.", "desiredNumberScheduled"),
    count("Current", "Nodes that have the pod that they should run.", "currentNumberScheduled"),
    count("Ready", "Nodes whose pod is ready.", "numberReady"),
    count("Up-to-date", "Nodes whose pod is of the newest template.", "updatedNumberScheduled"),
    count("Available", "Nodes whose pod has been ready for long enough.", "numberAvailable"),
    text("Node Selector", "Labels of the nodes that run a pod.", (set) =>
      labelsText(asRecord(templateOf(set).spec).nodeSelector),
    ),
    ageColumn,
    ...containerColumns(),
    selectorColumn,
  ],
  defaults,
  validate: (value) => [
    ...validateObject(value),
    ...workloadErrors(value, "daemonset"),
    ...choiceErrors(asRecord(asRecord(asRecord(value).spec).updateStrategy), "spec.updateStrategy", {
      type: ["OnDelete", "RollingUpdate"],
    }),
  ],
  validateUpdate: selectorUnchanged,
  prepareCreate: (object) => ({ ...object, status: noPods }),
});

function count(name: string, description: string, field: string) {
  return integer(name, description, ({ status }) => asRecord(status)[field]);
}

function defaults(set: ApiObject): ApiObject {
  const spec = withDefaults(withTemplateDefaults(asRecord(set.spec)), {
    updateStrategy: {},
    revisionHistoryLimit: 10,
  });
  const strategy = withDefaults(asRecord(spec.updateStrategy), { type: "RollingUpdate" });
  if (strategy.type !== "RollingUpdate") return { ...set, spec: { ...spec, updateStrategy: strategy } };
  const rollingUpdate = withDefaults(asRecord(strategy.rollingUpdate), { maxUnavailable: 1, maxSurge: 0 });
  return { ...set, spec: { ...spec, updateStrategy: { ...strategy, rollingUpdate } } };
}
