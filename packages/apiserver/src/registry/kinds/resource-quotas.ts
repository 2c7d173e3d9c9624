import type { ApiObject } from "../../api-object.ts";
import { asRecord } from "../../json.ts";
import { ageColumn, nameColumn, text } from "./columns/columns.ts";
import { kindEntry } from "./entry.ts";

/** core/v1 ResourceQuota. */
export const resourceQuotas = kindEntry({
  group: "",
  version: "v1",
  kind: "ResourceQuota",
  plural: "resourcequotas",
  shortNames: ["quota"],
  subresources: ["status"],
  columns: [
    nameColumn,
    text("Request", "What may be requested, and how much of it is.", (quota) => usage(quota, false)),
    text("Limit", "What limits may add up to, and what they do.", (quota) => usage(quota, true)),
    ageColumn,
  ],
  prepareCreate: (object) => ({ ...object, status: {} }),
});

/** core/v1 LimitRange. */
export const limitRanges = kindEntry({
  group: "",
  version: "v1",
  kind: "LimitRange",
  plural: "limitranges",
  shortNames: ["limits"],
});

function usage({ status }: ApiObject, limits: boolean): string {
  const { hard, used } = asRecord(status);
  return Object.entries(asRecord(hard))
    .filter(([resource]) => resource.startsWith("limits") === limits)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([resource, most]) => `${resource}: ${asRecord(used)[resource] ?? 0}/${most}`)
    .join(", ");
}
