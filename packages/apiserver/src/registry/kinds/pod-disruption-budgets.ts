import { validateLabelSelector } from "@portcullis/engine";
import { asRecord } from "../../json.ts";
import type { FieldError } from "../resource-def.ts";
import { ageColumn, integer, nameColumn, text } from "./columns/columns.ts";
import { kindEntry } from "./entry.ts";
import { shareErrors } from "./validation/deployment-strategy.ts";
import { invalid } from "./validation/field-errors.ts";
import { metadataErrors } from "./validation/metadata.ts";

/** policy/v1 PodDisruptionBudget. */
export const podDisruptionBudgets = kindEntry({
  group: "policy",
  version: "v1",
  kind: "PodDisruptionBudget",
  plural: "poddisruptionbudgets",
  shortNames: ["pdb"],
  subresources: ["status"],
  countsGeneration: true,
  columns: [
    nameColumn,
    text("Min Available", "Pods that must stay.", ({ spec }) => String(asRecord(spec).minAvailable ?? "N/A")),
    text("Max Unavailable", "Pods that may be missing.", ({ spec }) =>
      String(asRecord(spec).maxUnavailable ?? "N/A"),
    ),
    integer(
      "Allowed Disruptions",
      "Pods that may be evicted now.",
      ({ status }) => asRecord(status).disruptionsAllowed,
    ),
    ageColumn,
  ],
  validate: (value) => [...metadataErrors(value), ...specErrors(asRecord(asRecord(value).spec))],
  prepareCreate: (object) => ({
    ...object,
    status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
  }),
});

function specErrors(spec: Readonly<Record<string, unknown>>): readonly FieldError[] {
  const { minAvailable = null, maxUnavailable = null, selector } = spec;
  const both = minAvailable !== null && maxUnavailable !== null;
  return [
    ...(both ? [invalid("spec", spec, "minAvailable and maxUnavailable cannot be both set")] : []),
    ...(minAvailable === null ? [] : shareErrors(minAvailable, "spec.minAvailable")),
    ...(maxUnavailable === null ? [] : shareErrors(maxUnavailable, "spec.maxUnavailable")),
    ...validateLabelSelector(selector, ["spec", "selector"]),
  ];
}
