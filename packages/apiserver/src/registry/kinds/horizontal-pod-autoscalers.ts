import type { ApiObject } from "../../api-object.ts";
import { asList, asRecord, asString, isRecord, withDefaults } from "../../json.ts";
import type { FieldError } from "../resource-def.ts";
import { ageColumn, asNumber, nameColumn, text } from "./columns/columns.ts";
import { metricsText } from "./columns/metrics-text.ts";
import { kindEntry } from "./entry.ts";
import { invalid, required } from "./validation/field-errors.ts";
import { metadataErrors } from "./validation/metadata.ts";

/** autoscaling/v2 HorizontalPodAutoscaler. */
export const horizontalPodAutoscalers = kindEntry({
  group: "autoscaling",
  version: "v2",
  kind: "HorizontalPodAutoscaler",
  plural: "horizontalpodautoscalers",
  shortNames: ["hpa"],
  categories: ["all"],
  subresources: ["status"],
  columns: [
    nameColumn,
    text("Reference", "What is scaled.", ({ spec }) => {
      const { kind, name } = asRecord(asRecord(spec).scaleTargetRef);
      return `${asString(kind)}/${asString(name)}`;
    }),
    text("Targets", "What is measured, and what it should be.", ({ spec, status }) =>
      metricsText(asList(asRecord(spec).metrics), asList(asRecord(status).currentMetrics)),
    ),
    text("MinPods", "Not fewer pods than these.", ({ spec }) =>
      String(asRecord(spec).minReplicas ?? "<unset>"),
    ),
    text("MaxPods", "Not more pods than these.", ({ spec }) => asNumber(asRecord(spec).maxReplicas)),
    text("Replicas", "Pods there are.", ({ status }) => asNumber(asRecord(status).currentReplicas)),
    ageColumn,
  ],
  defaults,
  validate: (value) => [...metadataErrors(value), ...specErrors(asRecord(asRecord(value).spec))],
  prepareCreate: (object) => ({
    ...object,
    status: { desiredReplicas: 0 },
  }),
});

/** Without metrics it goes by the processor: 80 % of what is requested. */
function defaults(scaler: ApiObject): ApiObject {
  const cpu = {
    type: "Resource",
    resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } },
  };
  const spec = asRecord(scaler.spec);
  const metrics = asList(spec.metrics).length > 0 ? {} : { metrics: [cpu] };
  return { ...scaler, spec: { ...withDefaults(spec, { minReplicas: 1 }), ...metrics } };
}

function specErrors(spec: Readonly<Record<string, unknown>>): readonly FieldError[] {
  const { scaleTargetRef, minReplicas = 1, maxReplicas } = spec;
  const [least, most] = [asNumber(minReplicas), asNumber(maxReplicas)];
  const target = isRecord(scaleTargetRef) ? scaleTargetRef : {};
  return [
    ...["kind", "name"]
      .filter((field) => asString(target[field]) === "")
      .map((field) => required(`spec.scaleTargetRef.${field}`)),
    ...(least < 1 ? [invalid("spec.minReplicas", minReplicas, "must be greater than or equal to 1")] : []),
    ...(most < 1 ? [invalid("spec.maxReplicas", most, "must be greater than 0")] : []),
    ...(most < least
      ? [invalid("spec.maxReplicas", most, "must be greater than or equal to `minReplicas`")]
      : []),
  ];
}
